//! Mutations of seeds, the same in every run.

use std::fs;
use std::path::Path;

/// Fragments that tell parsers apart.
const FRAGMENTS: [&[u8]; 40] = [
    b"\\",
    b"@",
    b"//",
    b"/",
    b":",
    b"?",
    b"#",
    b"%",
    b"%00",
    b"%2f",
    b"%5c",
    b"%40",
    b"%2e",
    b"..",
    b";",
    b"=",
    b",",
    b"&",
    b"\"",
    b"'",
    b"<",
    b">",
    b"{",
    b"}",
    b"[",
    b"]",
    b"null",
    b"true",
    b"-1",
    b"1e999",
    b"\\ud800",
    b"\\u0000",
    b"\xff",
    "ü".as_bytes(),
    "．".as_bytes(),
    "／".as_bytes(),
    "\u{3164}".as_bytes(),
    "\u{202e}".as_bytes(),
    b"\t",
    b"\r\n",
];

/// The files of a property's folder of seeds.
pub(crate) fn seeds(property: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let folder = root.map(|root| root.join("fuzz/seeds").join(property));
    let folder = folder.into_iter().find(|folder| folder.is_dir()).expect("a folder of seeds");
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{property} has no seeds");
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// The seeds, and that many inputs made of them.
pub(crate) fn mutations(seeds: &[Vec<u8>], count: usize) -> impl Iterator<Item = Vec<u8>> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mutated = std::iter::repeat_with(move || {
        let mut input = random.choose(seeds).clone();
        for _ in 0..1 + random.below(4) {
            mutate(&mut input, seeds, &mut random);
        }
        input
    });
    seeds.iter().cloned().chain(mutated.take(count))
}

fn mutate(input: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let at = random.below(input.len() + 1);
    let end = at + random.below(input.len() - at + 1).min(8);
    match random.below(6) {
        0 => drop(input.splice(at..at, random.choose(&FRAGMENTS).iter().copied())),
        1 => drop(input.splice(at..end, random.choose(&FRAGMENTS).iter().copied())),
        2 => drop(input.drain(at..end)),
        3 => {
            let again = input[at..end].to_vec();
            drop(input.splice(at..at, again));
        }
        4 => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        _ => {
            let other = random.choose(seeds);
            let from = random.below(other.len() + 1);
            input.truncate(at);
            input.extend(&other[from..]);
        }
    }
}

/// A small generator with a fixed start (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap() % end.max(1)
    }

    fn choose<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}
