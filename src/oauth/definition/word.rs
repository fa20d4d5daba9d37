//! Values that a text names, in the attributes of a derive and in a configuration file.

use crate::jose::SignatureAlgorithm;

/// A value that is one of a few, each of which has a word.
pub(crate) trait Word: Copy + 'static {
    const WORDS: &'static [(&'static str, Self)];

    fn of(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
    }
}

macro_rules! words {
    ($type:ident { $($word:literal => $variant:ident),* $(,)? }) => {
        impl $crate::oauth::definition::word::Word for $type {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),*];
        }
    };
}

pub(crate) use words;

words! {
    SignatureAlgorithm {
        "RS256" => Rs256, "RS384" => Rs384, "RS512" => Rs512, "PS256" => Ps256,
        "ES256" => Es256, "ES384" => Es384, "EdDSA" => EdDsa, "HS256" => Hs256,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algorithms_have_the_names_of_their_header() {
        for (word, algorithm) in SignatureAlgorithm::WORDS {
            assert_eq!(*word, algorithm.as_str());
        }
    }
}
