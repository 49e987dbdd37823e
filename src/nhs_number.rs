//! The check digit of NHS numbers, by the NHS Data Dictionary: multiply the first nine digits by 10, 9 … 2, add up, and
//! take the remainder by 11 from 11; 11 counts as 0, and a number that gives 10 is not issued.

/// Whether ten digits are an NHS number whose tenth digit is the one that the others give.
#[must_use]
pub fn has_check_digit(digits: &str) -> bool {
    if digits.len() != 10 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return false;
    }
    let mut digits = digits.bytes().map(|digit| u32::from(digit - b'0'));
    let sum: u32 = digits.by_ref().take(9).zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    // Ten is no digit, so that a number that gives it is never right.
    digits.next() == Some((11 - sum % 11) % 11)
}
