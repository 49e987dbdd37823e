//! Claims of a JSON Web Token, changed.

use serde_json::{Map, Value};

/// Changes claims as JSON Merge Patch does (RFC 7386): what is given replaces, null removes, objects are changed within.
pub(super) fn change(claims: &mut Map<String, Value>, changes: &Map<String, Value>) {
    for (name, change) in changes {
        match (claims.get_mut(name), change) {
            (_, Value::Null) => {
                claims.shift_remove(name);
            }
            (Some(Value::Object(within)), Value::Object(changes)) => self::change(within, changes),
            (_, Value::Object(changes)) => {
                let mut made = Map::new();
                self::change(&mut made, changes);
                claims.insert(name.clone(), Value::Object(made));
            }
            _ => {
                claims.insert(name.clone(), change.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn claims_are_replaced_and_removed_at_any_depth() {
        let mut claims = json!({"iss": "a", "sub": "1", "device": {"model": "v1", "version": "1"}});
        let changes = json!({"sub": null, "iss": "b", "device": {"model": null}, "new": {"x": 1, "y": null}});
        change(claims.as_object_mut().unwrap(), changes.as_object().unwrap());
        assert_eq!(claims, json!({"iss": "b", "device": {"version": "1"}, "new": {"x": 1}}));
    }
}
