//! The form of SNOMED CT identifiers, which tells many a wrong code without SNOMED CT itself.
//!
//! SNOMED CT Release File Specification, section 6 "SNOMED CT identifiers".

/// The multiplication of the dihedral group of order ten.
const PRODUCT: [[usize; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];
/// How a digit is permuted by its place.
const PERMUTATION: [[usize; 10]; 8] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
    [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
    [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
    [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
    [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

/// Whether text is an identifier: 6 to 18 digits, the last of them Verhoeff's check digit.
#[must_use]
pub fn is_snomed_identifier(text: &str) -> bool {
    let mut check = 0;
    for (place, letter) in text.bytes().rev().enumerate() {
        if !letter.is_ascii_digit() {
            return false;
        }
        check = PRODUCT[check][PERMUTATION[place % 8][usize::from(letter - b'0')]];
    }
    (6..=18).contains(&text.len()) && !text.starts_with('0') && check == 0
}

/// Whether text can be a code of SNOMED CT: an identifier, or a compositional expression.
#[must_use]
pub fn is_snomed_code(text: &str) -> bool {
    text.contains([':', '+', '=', '{', '|', '(', '<']) || is_snomed_identifier(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_carry_their_check_digit() {
        for good in ["404684003", "138875005", "900000000000074008", "999000011000001104"] {
            assert!(is_snomed_identifier(good), "{good}");
        }
        for bad in ["404684004", "440684003", "12345", "0138875005", "4046 84003", "9000000000000740080", ""]
        {
            assert!(!is_snomed_identifier(bad), "{bad}");
        }
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        assert!(!is_snomed_code("1"));
        assert!(!is_snomed_code("heart-attack"));
        assert!(is_snomed_code("404684003"));
        assert!(is_snomed_code("404684003 : 363698007 = 39057004"));
    }
}
