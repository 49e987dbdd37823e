//! Small helps with words.

/// The known word that a misspelt one most likely stands for.
pub(crate) fn nearest<'k>(word: &str, known: &'k [String]) -> Option<&'k str> {
    known
        .iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 4)
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
}
