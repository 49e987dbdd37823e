//! docs/scenario-reference.md: every key of the language with its examples, made from the same source as the JSON
//! Schema. Each example is loaded.

use std::fmt::Write as _;

use proofmark::standard::{Document, Scenario};
use schemars::schema_for;
use serde_json::{Map, Value, json};

use crate::workspace::project;

/// The types in the order of a reader, each with its title.
const TYPES: [(&str, &str); 20] = [
    ("Scenario", "A scenario"),
    ("Step", "A step"),
    ("RawRequest", "`request`: any other request"),
    ("BundleRequest", "An entry of `batch` and `transaction`"),
    ("MadeAuthentication", "`auth`: another identity, or a token made otherwise"),
    ("MadeBody", "`body`: what it is made of"),
    ("CaptureFrom", "`capture`: a header or the status"),
    ("Condition", "`when`: a condition"),
    ("Expectation", "`expect`: a group of expectations"),
    ("HeaderExpectation", "`header`: what is expected of one"),
    ("BundleExpectation", "`bundle`"),
    ("Bounds", "`count`, `included`, `outcomes`: bounds"),
    ("EntryExpectation", "`everyEntry` and `anyEntry`"),
    ("OutcomeExpectation", "`operationOutcome`"),
    ("CodingPattern", "`operationOutcome: coding`"),
    ("ExplainedPath", "`fhirpath`: an expression with its words"),
    ("BindingTime", "`within`: a time that is required"),
    ("KnownDeviation", "`knownDeviation`"),
    ("Comparison", "`compare`: a value compared with another"),
    ("Content", "`contains`: content of the body"),
];

fn schema() -> Value {
    schema_for!(Scenario).to_value()
}

fn definition<'s>(schema: &'s Value, name: &str) -> &'s Value {
    if name == "Scenario" { schema } else { &schema["$defs"][name] }
}

#[test]
fn the_reference_is_that_of_the_types() {
    let text = reference(&schema());
    let path = project("docs/scenario-reference.md");
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "docs/scenario-reference.md is not what the types say; run with UPDATE_SCHEMAS=1");
}

#[test]
fn every_type_of_the_language_is_in_the_reference() {
    let schema = schema();
    let listed: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
    let with_keys =
        schema["$defs"].as_object().unwrap().iter().filter(|(_, of)| of.get("properties").is_some());
    let missing: Vec<&String> =
        with_keys.map(|(name, _)| name).filter(|name| !listed.contains(&name.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_key_has_an_example_and_each_example_loads() {
    let schema = schema();
    let mut wrong = Vec::new();
    for (name, _) in TYPES {
        let Some(properties) = definition(&schema, name)["properties"].as_object() else { continue };
        for (key, property) in properties {
            let examples = property["examples"].as_array().cloned().unwrap_or_default();
            if examples.is_empty() {
                wrong.push(format!("{name}.{key} has no example"));
            }
            for example in examples {
                let scenario = scenario(&schema, name, key, &example);
                // JSON is YAML, and this is the way that files go.
                let document = Document::parse("example", &scenario.to_string()).unwrap();
                if let Err(errors) = document.read::<Scenario>() {
                    wrong.push(format!("{name}.{key}: {example}: {}", errors[0]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The smallest scenario that has a key of a type.
fn scenario(schema: &Value, name: &str, key: &str, example: &Value) -> Value {
    let mut part = Map::new();
    for required in definition(schema, name)["required"].as_array().into_iter().flatten() {
        let required = required.as_str().unwrap();
        part.insert(
            required.to_owned(),
            definition(schema, name)["properties"][required]["examples"][0].clone(),
        );
    }
    part.insert(key.to_owned(), example.clone());
    let part = Value::Object(part);
    let expecting = |expectation: Value| json!({"search": "Patient", "expect": expectation});
    let step = match name {
        "Scenario" => return part,
        "Step" => part,
        "RawRequest" => json!({"request": part}),
        "BundleRequest" => json!({"batch": [part]}),
        "MadeAuthentication" => json!({"search": "Patient", "auth": part}),
        "MadeBody" => json!({"create": "Patient", "body": part}),
        "CaptureFrom" => json!({"search": "Patient", "capture": {"x": part}}),
        "Condition" => json!({"search": "Patient", "when": part}),
        "Expectation" => expecting(part),
        "BundleExpectation" => expecting(json!({"bundle": part})),
        "Bounds" => expecting(json!({"bundle": {"count": part}})),
        "EntryExpectation" => expecting(json!({"everyEntry": part})),
        "OutcomeExpectation" => expecting(json!({"operationOutcome": part})),
        "CodingPattern" => expecting(json!({"operationOutcome": {"coding": part}})),
        "ExplainedPath" => expecting(json!({"fhirpath": part})),
        "BindingTime" => expecting(json!({"within": part})),
        "Comparison" => expecting(json!({"compare": part})),
        "Content" => expecting(json!({"contains": part})),
        "KnownDeviation" => expecting(json!({"status": 200, "knownDeviation": part})),
        other => panic!("say where {other} stands"),
    };
    json!({"scenario": "example", "title": "Example", "verifies": ["X"], "steps": [step]})
}

fn reference(schema: &Value) -> String {
    let mut text = String::from(
        "# Every key of a scenario\n\nThis page is made from the types that also give the JSON Schema \
         ([`schemas/scenario.schema.json`](schemas/scenario.schema.json)). [The language of scenarios](scenarios.md) \
         explains how the parts work together.\n",
    );
    for (name, title) in TYPES {
        let definition = definition(schema, name);
        write!(text, "\n## {title}\n\n{}\n", words(definition)).unwrap();
        if let Some(forms) = definition["oneOf"].as_array() {
            text.push_str("\n| written | meaning |\n| --- | --- |\n");
            for form in forms {
                for (written, meaning) in written(form) {
                    writeln!(text, "| `{written}` | {meaning} |").unwrap();
                }
            }
        }
        let required: Vec<&str> =
            definition["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (key, property) in definition["properties"].as_object().into_iter().flatten() {
            let needed = if required.contains(&key.as_str()) { " (required)" } else { "" };
            write!(text, "\n### `{key}`{needed}\n\n{}\n\n```yaml\n", words(property)).unwrap();
            for example in property["examples"].as_array().into_iter().flatten() {
                text.push_str(&yaml(&json!({ key: example }), 0));
            }
            text.push_str("```\n");
        }
    }
    text
}

/// The ways that a value of an enumeration is written, each with its meaning.
fn written(form: &Value) -> Vec<(String, String)> {
    let meaning = words(form);
    if let Some(word) = form["const"].as_str() {
        return vec![(word.to_owned(), meaning)];
    }
    let keys = form["properties"].as_object().into_iter().flatten();
    keys.map(|(key, _)| (format!("{{ {key}: … }}"), meaning.clone())).collect()
}

/// A description, its lines broken at 118 characters.
fn words(described: &Value) -> String {
    let text = described["description"].as_str().unwrap_or_default().split_whitespace();
    let mut lines: Vec<String> = vec![String::new()];
    for word in text {
        let last = lines.last_mut().unwrap();
        if !last.is_empty() && last.chars().count() + 1 + word.chars().count() > 118 {
            lines.push(word.to_owned());
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines.join("\n")
}

/// A value as YAML: mappings and lists of mappings in lines, all else in JSON's own form.
fn yaml(value: &Value, indent: usize) -> String {
    let blank = " ".repeat(indent);
    let Value::Object(map) = value else { return format!("{blank}{}\n", flow(value)) };
    let mut text = String::new();
    for (key, item) in map {
        match item {
            Value::Object(inner) if flow(item).len() + key.len() + indent > 80 && !inner.is_empty() => {
                write!(text, "{blank}{key}:\n{}", yaml(item, indent + 2)).unwrap();
            }
            Value::Array(items) if flow(item).len() + key.len() + indent > 80 => {
                writeln!(text, "{blank}{key}:").unwrap();
                for item in items {
                    let lines = yaml(item, indent + 4);
                    writeln!(text, "{blank}  - {}", lines.trim()).unwrap();
                }
            }
            _ => writeln!(text, "{blank}{key}: {}", flow(item)).unwrap(),
        }
    }
    text
}

/// A value in one line, as an author would write it.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", "))
        }
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let members: Vec<String> =
                map.iter().map(|(key, item)| format!("{key}: {}", flow(item))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        other => other.to_string(),
    }
}

/// A text, in quotes where YAML could read it as something else.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || " .-_/()+".contains(letter))
        && !matches!(text, "true" | "false" | "null" | "yes" | "no");
    if plain { text.to_owned() } else { Value::from(text).to_string() }
}
