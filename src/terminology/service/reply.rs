//! Reading what `$validate-code` returns. A "no" counts only where it is about the code: a service that does not know
//! the system or the value set says "no" as well, and cannot tell.

use serde_json::Value;

/// What a service replied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reply {
    /// Whether the code is one.
    pub(super) member: bool,
    /// Whether it says why not. A "no" without a word may as well come of a service that does not know the system.
    pub(super) explained: bool,
}

/// Whether the code is one; `None` where the service cannot tell.
pub(super) fn read(resource: &Value) -> Option<Reply> {
    if resource.get("resourceType")?.as_str()? != "Parameters" {
        return None;
    }
    let parameters = resource.get("parameter")?.as_array()?;
    let named =
        |name: &str| parameters.iter().find(|one| one.get("name").and_then(Value::as_str) == Some(name));
    if named("result")?.get("valueBoolean")?.as_bool()? {
        return Some(Reply { member: true, explained: true });
    }
    let of_unknown = |one: &Value| {
        let name = one.get("name").and_then(Value::as_str).unwrap_or_default();
        name.starts_with("x-caused-by-unknown") || name.starts_with("x-unknown-system")
    };
    if parameters.iter().any(of_unknown) {
        return None;
    }
    let (is_about_the_code, explained) =
        if let Some(issues) = named("issues").and_then(|issues| issues.get("resource")) {
            (are_about_the_code(issues), true)
        } else {
            let message = named("message").and_then(|message| message.get("valueString"));
            let message = message.and_then(Value::as_str).unwrap_or_default();
            (!says_that_it_cannot_tell(message), !message.is_empty())
        };
    is_about_the_code.then_some(Reply { member: false, explained })
}

/// Whether the issues speak of an invalid code, and none of content that is not there.
fn are_about_the_code(issues: &Value) -> bool {
    let issues = issues.get("issue").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let code = |issue: &Value| issue.get("code").and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_error =
        |issue: &&Value| matches!(issue.get("severity").and_then(Value::as_str), Some("error" | "fatal"));
    let mut errors = issues.iter().filter(is_error).map(code).peekable();
    errors.peek().is_some() && errors.all(|code| matches!(code.as_str(), "code-invalid" | "invalid"))
}

/// Services that give no issues say it in words.
fn says_that_it_cannot_tell(message: &str) -> bool {
    let message =
        message.to_lowercase().replace("codesystem", "code system").replace("valueset", "value set");
    let of = ["code system", "value set", "system"].iter().any(|what| message.contains(what));
    let missing = [
        "not found",
        "not be found",
        "unknown code system",
        "unknown system",
        "unknown value set",
        "not known",
        "unable to",
        "not supported",
        "could not",
        "cannot",
        "no such",
    ];
    of && missing.iter().any(|words| message.contains(words))
        || ["unable to", "not supported", "timed out"].iter().any(|words| message.contains(words))
}
