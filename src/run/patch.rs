//! Changes to a structure, as JSON Patch says (RFC 6902): `add`, `replace` and `remove`.

use serde_json::Value;

/// Makes each change in turn.
///
/// # Errors
/// The first that cannot be made, in words.
pub(super) fn apply(target: &mut Value, changes: &Value) -> Result<(), String> {
    let Value::Array(changes) = changes else { return Err("a patch is a list of changes".to_owned()) };
    changes.iter().try_for_each(|change| apply_one(target, change))
}

fn apply_one(target: &mut Value, change: &Value) -> Result<(), String> {
    let text = |key: &str| change.get(key).and_then(Value::as_str).unwrap_or_default();
    let (operation, path) = (text("op"), text("path"));
    let failed = || format!("the change `{operation}` at `{path}` cannot be made");
    let value = change.get("value").cloned().unwrap_or_default();
    let (parent, key) = path.rsplit_once('/').ok_or_else(failed)?;
    let key = key.replace("~1", "/").replace("~0", "~");
    match (target.pointer_mut(parent).ok_or_else(failed)?, operation) {
        (Value::Object(members), "add") => {
            members.insert(key, value);
        }
        (Value::Object(members), "replace") => *members.get_mut(&key).ok_or_else(failed)? = value,
        (Value::Object(members), "remove") => {
            members.shift_remove(&key).ok_or_else(failed)?;
        }
        (Value::Array(items), "add") if key == "-" => items.push(value),
        (Value::Array(items), operation) => {
            let index: usize = key.parse().map_err(|_| failed())?;
            let within = if operation == "add" { index <= items.len() } else { index < items.len() };
            match operation {
                _ if !within => return Err(failed()),
                "add" => items.insert(index, value),
                "replace" => items[index] = value,
                "remove" => drop(items.remove(index)),
                _ => return Err(failed()),
            }
        }
        _ => return Err(failed()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_kind_of_change_is_made() {
        let mut target = json!({"name": [{"family": "A"}], "gender": "male", "a/b": 1});
        let changes = json!([
            {"op": "add", "path": "/name/-", "value": {"text": "N"}},
            {"op": "add", "path": "/name/0", "value": {"text": "first"}},
            {"op": "replace", "path": "/name/1/family", "value": "B"},
            {"op": "remove", "path": "/gender"},
            {"op": "remove", "path": "/a~1b"},
            {"op": "add", "path": "/active", "value": true},
        ]);
        apply(&mut target, &changes).unwrap();
        let expected = json!({"name": [{"text": "first"}, {"family": "B"}, {"text": "N"}], "active": true});
        assert_eq!(target, expected);
    }

    #[test]
    fn what_is_not_there_is_told() {
        for path in ["/x/y", "/name/9", "/none", "none", "/name/x"] {
            let changes = json!([{"op": "remove", "path": path}]);
            let error = apply(&mut json!({"name": []}), &changes).unwrap_err();
            assert_eq!(error, format!("the change `remove` at `{path}` cannot be made"));
        }
        assert!(apply(&mut json!({}), &json!({})).is_err());
    }
}
