//! Spelling suggestions ("did you mean …"), for messages about unknown words.

/// The word that was probably meant: similar, whatever its case and separators (`clientId`).
pub(crate) fn closest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    /// The similarity below which two words have nothing to do with each other.
    const ALIKE: f64 = 0.8;
    let name = plain(name);
    let rated = known.map(|word| (strsim::jaro_winkler(&name, &plain(word)), word));
    let best = rated.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (best.0 >= ALIKE).then_some(best.1)
}

/// A word without its case and separators.
pub(crate) fn plain(word: &str) -> String {
    word.to_lowercase().replace(['_', '-', '.'], "")
}

/// `a`, `b` and `c`.
pub(crate) fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "none".to_owned(),
    }
}
