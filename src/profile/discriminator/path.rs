//! The paths of discriminators: a few steps of FHIRPath, the restricted subset that profiling.html#discriminator
//! allows.

use serde::{Serialize, Serializer};

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The children of a name, or of a choice of types.
    Child(String),
    /// `extension('url')`.
    Extension(String),
    /// `resolve()`: from a reference to what it points to.
    Resolve,
    /// `ofType(Type)`.
    OfType(String),
}

impl Step {
    /// Reads a path; `$this` and nothing stand for the value itself.
    ///
    /// # Errors
    ///
    /// The part that is no step.
    pub(super) fn parse_all(path: &str) -> Result<Vec<Self>, String> {
        let parts = split(path.trim()).into_iter();
        parts.filter(|part| !part.is_empty() && *part != "$this").map(Self::parse).collect()
    }

    fn parse(part: &str) -> Result<Self, String> {
        let Some((function, rest)) = part.split_once('(') else {
            return Ok(Self::Child(part.trim_end_matches("[x]").to_owned()));
        };
        let argument = rest.strip_suffix(')').ok_or(part)?.trim();
        match (function, argument) {
            ("resolve", "") => Ok(Self::Resolve),
            ("ofType" | "as", type_name) if type_name.chars().all(char::is_alphanumeric) => {
                Ok(Self::OfType(type_name.to_owned()))
            }
            ("extension", url) => {
                let quoted = |mark: char| url.strip_prefix(mark)?.strip_suffix(mark);
                let url = quoted('\'').or_else(|| quoted('"')).ok_or(part)?;
                Ok(Self::Extension(url.to_owned()))
            }
            _ => Err(part.to_owned()),
        }
    }
}

/// The parts between dots, but not between those within parentheses.
fn split(path: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (index, letter) in path.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => {
                parts.push(&path[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&path[start..]);
    parts
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Child(name) => serializer.serialize_str(name),
            Self::Extension(url) => serializer.serialize_str(&format!("extension('{url}')")),
            Self::Resolve => serializer.serialize_str("resolve()"),
            Self::OfType(name) => serializer.serialize_str(&format!("ofType({name})")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Step;

    #[test]
    fn the_steps_that_profiles_use() {
        let child = |name: &str| Step::Child(name.to_owned());
        let steps = |path: &str| Step::parse_all(path).unwrap();
        assert_eq!(steps("$this"), []);
        assert_eq!(steps("code.coding.code"), [child("code"), child("coding"), child("code")]);
        assert_eq!(steps("$this.resolve().code"), [Step::Resolve, child("code")]);
        assert_eq!(
            steps("extension('http://example.org/a.b').value[x]"),
            [Step::Extension("http://example.org/a.b".to_owned()), child("value")]
        );
        assert_eq!(steps("value.ofType(Quantity)"), [child("value"), Step::OfType("Quantity".to_owned())]);
        assert_eq!(Step::parse_all("code.where(a = 1)"), Err("where(a = 1)".to_owned()));
        assert_eq!(Step::parse_all("extension(url)"), Err("extension(url)".to_owned()));
    }
}
