//! The size and the kind of an answer that is a file.

use crate::code::Code;
use crate::fhir::Element;
use crate::profile::{Issue, Severity};

use super::findings::Findings;
use super::form::Item;
use super::value::{Value, decimal};

/// A file that is too large, or of another kind.
pub(super) const CODE: Code = Code {
    name: "questionnaire-answer-attachment",
    title: "A file is too large, or of a kind that the question does not take",
    what: "An attachment is at most maxSize bytes long, and its contentType is one that the extension mimeType lists.",
    why: "A receiver refuses larger files, and cannot show others.",
    example: "maxSize is 1000000.\n  wrong:  \"valueAttachment\": { \"size\": 5000000 }",
    specification: "https://hl7.org/fhir/R4/extension-maxsize.html",
};

const MAX_SIZE: &str = "http://hl7.org/fhir/StructureDefinition/maxSize";
const MIME_TYPE: &str = "http://hl7.org/fhir/StructureDefinition/mimeType";

/// Checks one attachment.
pub(super) fn check(attachment: Element<'_>, item: Item<'_>, findings: &mut Findings<'_>) {
    let size = attachment
        .text("size")
        .and_then(decimal)
        .or_else(|| attachment.text("data").map(|data| decoded_size(data).into()));
    let at_most = item.extension(MAX_SIZE).and_then(|bound| decimal(bound.written()));
    if let (Some(size), Some(at_most)) = (size, at_most)
        && size > at_most
    {
        let message = format!("the file that answers `{}` is too large", item.link_id());
        let issue = Issue::at(attachment, &CODE, Severity::Error, message);
        findings.add(issue.compared(format!("at most {at_most} bytes"), format!("{size} bytes")), Some(item));
    }
    let allowed: Vec<&str> = item.extensions(MIME_TYPE).map(Value::written).collect();
    let Some(found) = attachment.text("contentType").filter(|_| !allowed.is_empty()) else { return };
    if !allowed.iter().any(|allowed| is_of(found, allowed)) {
        let message =
            format!("the file that answers `{}` is of a kind that it does not take", item.link_id());
        let issue = Issue::at(attachment, &CODE, Severity::Error, message);
        findings.add(issue.compared(allowed.join(" or "), found), Some(item));
    }
}

/// Whether a media type is the one allowed, or of the family that `image/*` allows. Parameters say nothing.
fn is_of(found: &str, allowed: &str) -> bool {
    let found = found.split(';').next().unwrap_or_default().trim();
    match allowed.strip_suffix('*') {
        Some(family) => {
            found.len() > family.len()
                && found.get(..family.len()).is_some_and(|start| start.eq_ignore_ascii_case(family))
        }
        None => found.eq_ignore_ascii_case(allowed),
    }
}

/// How many bytes a Base64 text stands for.
fn decoded_size(data: &str) -> usize {
    let letters = data.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=').count();
    letters / 4 * 3 + (letters % 4).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_base64_is_that_of_its_content() {
        for (data, size) in [("", 0), ("YQ==", 1), ("YWI=", 2), ("YWJj", 3), ("YW Jj\nZA==", 4)] {
            assert_eq!(decoded_size(data), size, "{data}");
        }
    }

    #[test]
    fn a_family_of_media_types_ends_in_a_star() {
        assert!(is_of("image/PNG", "image/*"));
        assert!(is_of("text/plain; charset=utf-8", "text/plain"));
        assert!(!is_of("image/png", "image/jpeg"));
        assert!(!is_of("imagé", "image/*"));
    }
}
