//! "Did you mean …" for misspelt names.

/// A hint that names the nearest candidate, or nothing where none is near.
pub(super) fn did_you_mean<'n>(name: &str, candidates: impl Iterator<Item = &'n str>) -> String {
    let allowed = 1 + name.chars().count() / 4;
    candidates
        .map(|candidate| (distance(&name.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| format!("; did you mean `{candidate}`?"))
        .unwrap_or_default()
}

/// The Levenshtein distance: how many characters to insert, delete or replace.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, character) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, candidate) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(character != *candidate);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let names = ["exists", "empty", "startsWith", "htmlChecks"];
        assert_eq!(did_you_mean("exist", names.into_iter()), "; did you mean `exists`?");
        assert_eq!(did_you_mean("startswith", names.into_iter()), "; did you mean `startsWith`?");
        assert_eq!(did_you_mean("frobnicate", names.into_iter()), "");
    }
}
