//! Changes at a path of a JSON resource.

use serde_json::{Map, Value};

use super::Path;
use super::path::{Filter, Step};

/// Removes the elements at a path, and what they leave empty.
pub(super) fn remove(body: &mut Value, path: &Path) {
    for_each_resource(body, path, remove_in);
}

/// Gives the elements at a path a value. The last one is made where its parent is there.
pub(super) fn set(body: &mut Value, path: &Path, value: &Value) {
    for_each_resource(body, path, |resource, steps| set_in(resource, steps, value));
}

/// Puts one more into the lists at a path. A list is made where its parent is there.
pub(super) fn add(body: &mut Value, path: &Path, value: &Value) {
    for_each_resource(body, path, |resource, steps| add_in(resource, steps, value));
}

/// Gives the elements at a path another name.
pub(super) fn rename(body: &mut Value, path: &Path, to: &str) {
    for_each_resource(body, path, |resource, steps| rename_in(resource, steps, to));
}

/// Gives each text that equals `from` another value.
pub(super) fn replace(body: &mut Value, from: &str, to: &Value) {
    match body {
        Value::String(text) if text == from => *body = to.clone(),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, from, to)),
        Value::Object(members) => members.values_mut().for_each(|member| replace(member, from, to)),
        _ => {}
    }
}

/// Calls `change` for the body and each entry of a Bundle whose type is the path's first step.
fn for_each_resource(body: &mut Value, path: &Path, change: impl Fn(&mut Map<String, Value>, &[Step])) {
    let Some((kind, steps)) = path.steps.split_first() else { return };
    let visit = |resource: &mut Value| {
        if let Value::Object(members) = resource
            && (kind.name == "*" || members.get("resourceType").and_then(Value::as_str) == Some(&kind.name))
        {
            change(members, steps);
        }
    };
    for entry in body.get_mut("entry").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(resource) = entry.get_mut("resource") {
            visit(resource);
        }
    }
    visit(body);
}

fn remove_in(parent: &mut Map<String, Value>, steps: &[Step]) {
    let [step, rest @ ..] = steps else { return };
    let Some(child) = parent.get_mut(&step.name) else { return };
    if rest.is_empty() {
        match child {
            Value::Array(items) => {
                let mut index = 0;
                items.retain(|item| {
                    index += 1;
                    !selects(step, index - 1, item)
                });
            }
            _ if selects(step, 0, child) => *child = Value::Null,
            _ => {}
        }
    } else {
        for_each_selected(step, child, |item| {
            if let Value::Object(members) = item {
                remove_in(members, rest);
            }
        });
        if let Value::Array(items) = child {
            items.retain(|item| !is_empty(item));
        }
    }
    if is_empty(child) {
        parent.shift_remove(&step.name);
        parent.shift_remove(&format!("_{}", step.name));
    }
}

fn set_in(parent: &mut Map<String, Value>, steps: &[Step], value: &Value) {
    let [step, rest @ ..] = steps else { return };
    if rest.is_empty() && step.filter.is_none() {
        parent.insert(step.name.clone(), value.clone());
        return;
    }
    let Some(child) = parent.get_mut(&step.name) else { return };
    for_each_selected(step, child, |item| match item {
        item if rest.is_empty() => *item = value.clone(),
        Value::Object(members) => set_in(members, rest, value),
        _ => {}
    });
}

fn add_in(parent: &mut Map<String, Value>, steps: &[Step], value: &Value) {
    let [step, rest @ ..] = steps else { return };
    if rest.is_empty() {
        let list = parent.entry(&step.name).or_insert_with(|| Value::Array(Vec::new()));
        match list {
            Value::Array(items) => items.push(value.clone()),
            single => *single = Value::Array(vec![single.clone(), value.clone()]),
        }
        return;
    }
    within(parent, step, |members| add_in(members, rest, value));
}

fn rename_in(parent: &mut Map<String, Value>, steps: &[Step], to: &str) {
    let [step, rest @ ..] = steps else { return };
    if !rest.is_empty() {
        within(parent, step, |members| rename_in(members, rest, to));
    } else if parent.contains_key(&step.name) {
        // In the place of the old one: XML has an order.
        let members = std::mem::take(parent).into_iter();
        parent.extend(
            members
                .map(|(name, value)| if name == step.name { (to.to_owned(), value) } else { (name, value) }),
        );
    }
}

/// Calls `change` for the objects of a step.
fn within(parent: &mut Map<String, Value>, step: &Step, mut change: impl FnMut(&mut Map<String, Value>)) {
    let Some(child) = parent.get_mut(&step.name) else { return };
    for_each_selected(step, child, |item| {
        if let Value::Object(members) = item {
            change(members);
        }
    });
}

fn for_each_selected(step: &Step, child: &mut Value, mut change: impl FnMut(&mut Value)) {
    match child {
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                if selects(step, index, item) {
                    change(item);
                }
            }
        }
        single if selects(step, 0, single) => change(single),
        _ => {}
    }
}

fn selects(step: &Step, index: usize, item: &Value) -> bool {
    match &step.filter {
        None => true,
        Some(Filter::Index(wanted)) => index == *wanted,
        Some(Filter::Equals { child, value }) => item.get(child).and_then(Value::as_str) == Some(value),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn path(text: &str) -> Path {
        Path::try_from(text.to_owned()).unwrap()
    }

    fn bundle() -> Value {
        json!({ "resourceType": "Bundle", "total": 1, "entry": [{ "resource": {
            "resourceType": "Patient", "gender": "male", "_gender": { "id": "g" },
            "name": [{ "use": "official", "family": "A" }, { "use": "old", "family": "B" }],
        } }] })
    }

    #[test]
    fn removes_in_every_resource_of_the_type() {
        let mut body = bundle();
        for removed in ["Patient.gender", "Patient.name[use=official]", "Bundle.total", "Organization.name"] {
            remove(&mut body, &path(removed));
        }
        let patient = json!({ "resourceType": "Patient", "name": [{ "use": "old", "family": "B" }] });
        assert_eq!(body, json!({ "resourceType": "Bundle", "entry": [{ "resource": patient }] }));
    }

    #[test]
    fn leaves_nothing_empty_behind() {
        let mut body =
            json!({ "resourceType": "Patient", "name": [{ "family": "A" }], "meta": { "x": "y" } });
        remove(&mut body, &path("*.name.family"));
        remove(&mut body, &path("Patient.meta.x"));
        assert_eq!(body, json!({ "resourceType": "Patient" }));
    }

    #[test]
    fn sets_what_is_there_and_makes_what_is_not() {
        let mut body = bundle();
        set(&mut body, &path("Patient.name[1].family"), &json!("C"));
        set(&mut body, &path("Patient.active"), &json!(true));
        set(&mut body, &path("Patient.contact.name"), &json!("no parent, no child"));
        let patient = &body["entry"][0]["resource"];
        assert_eq!(patient["name"][0]["family"], "A");
        assert_eq!(patient["name"][1]["family"], "C");
        assert_eq!((&patient["active"], patient.get("contact")), (&json!(true), None));
    }

    #[test]
    fn adds_to_lists_and_renames_in_place() {
        let mut body = bundle();
        add(&mut body, &path("Patient.name"), &json!({ "family": "C" }));
        add(&mut body, &path("Patient.name[0].given"), &json!("D"));
        add(&mut body, &path("Bundle.entry"), &json!({ "fullUrl": "x" }));
        rename(&mut body, &path("Patient.name.family"), "surname");
        let patient = &body["entry"][0]["resource"];
        assert_eq!(patient["name"][2]["surname"], "C");
        assert_eq!(
            (&patient["name"][0]["given"], &body["entry"][1]["fullUrl"]),
            (&json!(["D"]), &json!("x"))
        );
        let names: Vec<&String> = patient["name"][0].as_object().unwrap().keys().collect();
        assert_eq!(names, ["use", "surname", "given"]);
    }

    #[test]
    fn replaces_a_text_wherever_it_stands() {
        let mut body = bundle();
        replace(&mut body, "male", &json!("M"));
        assert_eq!(body["entry"][0]["resource"]["gender"], "M");
    }
}
