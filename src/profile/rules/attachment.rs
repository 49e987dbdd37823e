//! Attachments: what they say of their data agrees with it.
//!
//! <https://hl7.org/fhir/R4/datatypes.html#Attachment>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest as _, Sha1};

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// An attachment says something else of its data than is true.
pub const CODE: Code = Code {
    name: "attachment-data",
    title: "An attachment's size or hash is not that of its data",
    what: "`size` is the number of bytes of the data, before they are made Base64; `hash` is their SHA-1, in Base64.",
    why: "A receiver takes data of another size or hash for damaged, or for another document.",
    example: "wrong:  \"data\": \"QUJD\", \"size\": 4\nright:  \"data\": \"QUJD\", \"size\": 3",
    specification: "https://hl7.org/fhir/R4/datatypes.html#Attachment",
};

/// Checks one Attachment that holds its data. Data that is not Base64 is another finding.
#[must_use]
pub fn check(attachment: Element<'_>) -> Vec<Issue> {
    let (size, hash) = (attachment.child("size"), attachment.child("hash"));
    let Some(data) = attachment.text("data").filter(|_| size.is_some() || hash.is_some()) else {
        return Vec::new();
    };
    let written: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let Ok(bytes) = STANDARD.decode(written) else { return Vec::new() };
    let issue = |element, message: &str, expected: String, actual: &str| {
        Issue::at(element, &CODE, Severity::Error, message).compared(expected, actual)
    };
    let mut issues = Vec::new();
    if let Some((element, stated)) = size.and_then(|size| Some((size, size.value()?)))
        && stated.parse::<u64>().is_ok_and(|stated| stated != bytes.len() as u64)
    {
        let message = "`size` is not the number of bytes of `data`";
        issues.push(issue(element, message, bytes.len().to_string(), stated));
    }
    if let Some((element, stated)) = hash.and_then(|hash| Some((hash, hash.value()?)))
        && STANDARD.decode(stated.trim()).is_ok_and(|stated| stated != Sha1::digest(&bytes)[..])
    {
        let message = "`hash` is not the SHA-1 of `data`";
        issues.push(issue(element, message, STANDARD.encode(Sha1::digest(&bytes)), stated));
    }
    issues
}

#[cfg(test)]
mod tests {
    use crate::fhir::parse_json;

    #[track_caller]
    fn check(attachment: &str, count: usize) {
        let tree = parse_json(&format!(r#"{{"resourceType":"Media","content":{attachment}}}"#)).unwrap();
        assert_eq!(super::check(tree.root().child("content").unwrap()).len(), count, "{attachment}");
    }

    #[test]
    fn size_and_hash_are_those_of_the_data() {
        check(r#"{"data":"QUJD","size":3,"hash":"PAG9uybzWLqyfyZ5JKosmgP8/bg="}"#, 0);
        check(r#"{"data":"QUJD","size":3,"hash":"PAG9ZczTi3tQ0vI2AxpmqOTZQA8="}"#, 1);
        check(r#"{"data":"QU JD","size":4}"#, 1);
        check(r#"{"url":"https://a.example","size":4}"#, 0);
        check(r#"{"data":"not Base64","size":4}"#, 0);
    }
}
