//! Search parameters as a client writes them: percent-encoded pairs in a URL or a form.

use url::form_urlencoded::byte_serialize;

use super::problem::Problem;

/// One `name=value`, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parameter {
    pub(super) name: String,
    /// What is searched for.
    pub(super) value: String,
    /// What the links of the answer say was searched for: the same, unless a fault makes it differ.
    pub(super) stated: String,
    /// The name under which the links state it, where a fault reads another.
    pub(super) stated_name: Option<String>,
    /// Whether it is claimed to be searched for, and is not.
    pub(super) overlooked: bool,
    /// Whether the links do not state it.
    pub(super) hidden: bool,
}

impl Parameter {
    pub(super) fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        let value = value.into();
        let (stated, stated_name) = (value.clone(), None);
        Self { name: name.into(), stated, value, stated_name, overlooked: false, hidden: false }
    }

    /// Keeps the name that the client wrote, before another is read.
    pub(super) fn state(&mut self) {
        if self.stated_name.is_none() {
            self.stated_name = Some(self.name.clone());
        }
    }

    /// The name of the search parameter, without a modifier or a chain.
    pub(super) fn base_name(&self) -> &str {
        self.name.split([':', '.']).next().unwrap_or_default()
    }
}

/// Reads `a=b&c=d`.
pub(super) fn parse(text: &str) -> Result<Vec<Parameter>, Problem> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok(Parameter::new(decode(name, true)?, decode(value, true)?))
        })
        .collect()
}

/// Writes parameters so that any client can send them as they stand.
pub(super) fn encode(parameters: &[Parameter]) -> String {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    let pairs: Vec<String> = parameters
        .iter()
        .filter(|parameter| !parameter.hidden)
        .map(|parameter| {
            let name = parameter.stated_name.as_ref().unwrap_or(&parameter.name);
            format!("{}={}", encoded(name), encoded(&parameter.stated))
        })
        .collect();
    pairs.join("&")
}

/// Takes the percent-encoding out. What is not well-formed is an error, not a guess.
pub(super) fn decode(text: &str, plus_is_space: bool) -> Result<String, Problem> {
    let malformed = || Problem::invalid(format!("`{text}` is not well-formed percent-encoded UTF-8"));
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        match byte {
            b'%' => {
                let [high, low, after @ ..] = rest else { return Err(malformed()) };
                let digit = |byte: &u8| char::from(*byte).to_digit(16).ok_or_else(malformed);
                let value = digit(high)? * 16 + digit(low)?;
                bytes.push(u8::try_from(value).map_err(|_| malformed())?);
                rest = after;
            }
            b'+' if plus_is_space => bytes.push(b' '),
            other => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).map_err(|_| malformed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_reads_back() {
        let parameters =
            [Parameter::new("identifier", "https://x|1 2+3"), Parameter::new("name:exact", "Zoë & Co=")];
        let text = encode(&parameters);
        assert_eq!(text, "identifier=https%3A%2F%2Fx%7C1%202%2B3&name%3Aexact=Zo%C3%AB%20%26%20Co%3D");
        assert_eq!(parse(&text).unwrap(), parameters);
    }

    #[test]
    fn malformed_encoding_is_an_error() {
        for text in ["a=%", "a=%4", "a=%zz", "a=%C3", "%ff=1"] {
            assert_eq!(parse(text).unwrap_err().status, 400, "{text}");
        }
    }

    #[test]
    fn a_bare_name_and_stray_separators_are_harmless() {
        assert_eq!(parse("&a&b=&").unwrap(), [Parameter::new("a", ""), Parameter::new("b", "")]);
    }
}
