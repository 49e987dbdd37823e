//! Names in full: a family name beside given names, as people write them in a sentence.
//!
//! Each part of a name is looked for by itself. That leaves those that say nothing alone: a name that is also a word of
//! FHIR (`Link`), an initial, two letters that are a word in another letter case (`Li`). Beside each other they are a
//! person's.

/// Words before a name that are no part of it.
const TITLES: [&str; 16] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "master",
    "dr",
    "doctor",
    "prof",
    "professor",
    "sir",
    "dame",
    "lord",
    "lady",
    "rev",
    "sister",
];
/// How long a name can be in all.
const LONGEST: usize = 256;
/// What holds more words than this is a sentence.
const MOST_WORDS: usize = 6;

/// A family name and the given names beside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FullName {
    given: Vec<String>,
    family: String,
}

impl FullName {
    /// A name of its parts; `None` if one is missing, or it is too long for a name.
    pub(super) fn new<'n>(given: impl IntoIterator<Item = &'n str>, family: &str) -> Option<Self> {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let given: Vec<String> = given.into_iter().map(words).filter(|one| !one.is_empty()).collect();
        let family = words(family);
        let length = given.iter().chain([&family]).map(String::len).sum::<usize>();
        let is_name = !given.is_empty() && !family.is_empty() && length <= LONGEST;
        is_name.then_some(Self { given, family })
    }

    /// The name of a text such as `Mrs Mia BROKENSON` or `Brokenson, Mia`; `None` if it is no such text.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        let (family, rest) = text.split_once(',').map_or((None, text), |(family, rest)| (Some(family), rest));
        let mut words: Vec<&str> = rest.split_whitespace().filter(|word| !is_title(word)).collect();
        if words.len() > MOST_WORDS {
            return None;
        }
        let family = family.or_else(|| words.pop())?;
        Self::new(words, family)
    }

    /// The ways to write it: the parts in order, and what stands behind the first of them.
    pub(super) fn written(&self) -> Vec<(Vec<&str>, &'static str)> {
        let family = self.family.as_str();
        let mut sets: Vec<Vec<&str>> = self.given.iter().map(|one| vec![one.as_str()]).collect();
        if self.given.len() > 1 {
            sets.push(self.given.iter().map(String::as_str).collect());
        }
        let mut written = Vec::new();
        for set in sets {
            let behind: Vec<&str> = [family].into_iter().chain(set.iter().copied()).collect();
            for separator in [" ", ", ", ","] {
                written.push((behind.clone(), separator));
            }
            written.push((set.into_iter().chain([family]).collect(), " "));
        }
        written
    }
}

fn is_title(word: &str) -> bool {
    TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_full_is_taken_apart() {
        let mia = FullName::new(["Mia"], "Brokenson");
        for text in ["Mrs Mia Brokenson", "Brokenson, Mia", "Dr. Mia  Brokenson", "Brokenson, Miss Mia"] {
            assert_eq!(FullName::of_text(text), mia, "{text}");
        }
        for text in ["Brokenson", "", ",", "one two three four five six seven eight"] {
            assert_eq!(FullName::of_text(text), None, "{text}");
        }
    }
}
