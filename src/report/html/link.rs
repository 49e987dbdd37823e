//! What may become a link, and what a link may lead to.

/// The address, if it is one that a reader may be sent to: a web address and nothing that runs.
pub(super) fn web(address: &str) -> Option<&str> {
    let url = url::Url::parse(address).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(address)
}

/// The path of an evidence file, if it stays within the run's folder.
pub(super) fn file(path: &str) -> Option<&str> {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_./".contains(character);
    let inside = !path.starts_with('/') && path.split('/').all(|part| part != "..");
    (inside && !path.is_empty() && path.chars().all(plain)).then_some(path)
}

/// An anchor for an id: letters, digits, `-` and `.` as they are, anything else by its number, so that two ids never
/// share an anchor.
pub(super) fn anchor(id: &str) -> String {
    let part = |character: char| match character {
        '-' | '.' => character.to_string(),
        plain if plain.is_ascii_alphanumeric() => plain.to_string(),
        other => format!("_{:X}_", u32::from(other)),
    };
    id.chars().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        assert!(web("https://example.org/#1").is_some());
        for address in
            ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//x", "x", "file:///x"]
        {
            assert_eq!(web(address), None, "{address}");
        }
    }

    #[test]
    fn only_files_of_the_run_become_links() {
        assert!(file("evidence/0001-a.json").is_some());
        for path in ["", "/etc/passwd", "../x", "a/../../x", "javascript:x", "a b"] {
            assert_eq!(file(path), None, "{path}");
        }
    }

    #[test]
    fn ids_that_differ_have_anchors_that_differ() {
        assert_eq!(anchor("CC-READ-002"), "CC-READ-002");
        assert_eq!(anchor("read[x=<]"), "read_5B_x_3D__3C__5D_");
        assert_ne!(anchor("a_5B_"), anchor("a["));
    }
}
