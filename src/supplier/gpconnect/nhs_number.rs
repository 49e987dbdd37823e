//! NHS numbers: ten digits, the last of which checks the others (modulus 11).

/// Whether a text can be an NHS number.
pub(super) fn is_valid(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|letter| letter.to_digit(10)).collect();
    if digits.len() != 10 || text.len() != 10 {
        return false;
    }
    let sum: u32 = digits.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    let check = (11 - sum % 11) % 11;
    digits.last() == Some(&check)
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    #[test]
    fn the_last_digit_checks_the_others() {
        for number in ["9990100004", "9999999999", "9990100225"] {
            assert!(is_valid(number), "{number}");
        }
        for text in ["9990100005", "999010000", "99901000041", "hello", "34555##4", "", "١٢٣٤٥"] {
            assert!(!is_valid(text), "{text}");
        }
    }
}
