//! Small helps with words.

/// The known word that a misspelt one most likely stands for.
pub(crate) fn nearest<'k>(word: &str, known: &'k [String]) -> Option<&'k str> {
    let length = word.chars().count();
    let most = |candidate: &str| 1 + candidate.chars().count() / 4;
    known
        .iter()
        // Words are no nearer than their lengths.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= most(candidate))
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= most(candidate))
        .min()
        .map(|(_, candidate)| candidate.as_str())
}

/// Levenshtein distance, letter case aside.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, letter) in left.to_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, other) in right.iter().enumerate() {
            let substitute = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = substitute.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

/// The text in lines of at most `width` characters, broken between words; a word that is longer than that is cut.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        if used > 0 && used + 1 + word.len() > width {
            lines.push(String::new());
            used = 0;
        }
        while word.len() > width {
            let tail = word.split_off(width);
            push(&mut lines, &word);
            lines.push(String::new());
            word = tail;
        }
        if used > 0 {
            push(&mut lines, &[' ']);
            used += 1;
        }
        push(&mut lines, &word);
        used += word.len();
    }
    lines
}

fn push(lines: &mut [String], characters: &[char]) {
    if let Some(line) = lines.last_mut() {
        line.extend(characters);
    }
}

/// The text in lines of at most `width` characters, broken between words; a word that is longer than that, such as a URL
/// to be copied, stays whole.
pub(crate) fn flow(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if used + 1 + length <= width => {
                line.push(' ');
                line.push_str(word);
                used += 1 + length;
            }
            _ => {
                lines.push(word.to_owned());
                used = length;
            }
        }
    }
    lines
}

/// A text in lines of at most 80 columns, each indented by so many blanks.
pub(crate) fn indented(text: &str, indent: usize) -> String {
    let blank = " ".repeat(indent);
    let lines = wrap(text, 80 - indent).into_iter().map(|line| format!("{blank}{line}"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_near() {
        let known = ["birthDate".to_owned(), "gender".to_owned()];
        assert_eq!(nearest("birthdate", &known), Some("birthDate"));
        assert_eq!(nearest("gendre", &known), Some("gender"));
        assert_eq!(nearest("telecom", &known), None);
    }

    #[test]
    fn wraps_between_words_and_cuts_only_what_is_too_long() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("a abcdefghij b", 4), ["a", "abcd", "efgh", "ij b"]);
        assert_eq!(wrap("", 8), [""]);
        assert_eq!(wrap("ééé ééé", 7), ["ééé ééé"]);
    }

    #[test]
    fn flows_between_words_and_cuts_none() {
        assert_eq!(flow("one two three", 7), ["one two", "three"]);
        assert_eq!(flow("a http://long b", 8), ["a", "http://long", "b"]);
        assert!(flow("", 8).is_empty());
    }
}
