//! The published JSON Schemas of our formats: made from the types, and met by what we write.

use schemars::{JsonSchema, schema_for};

use crate::workspace::{Workspace, project};

fn published<T: JsonSchema>(name: &str) -> serde_json::Value {
    let made = schema_for!(T).to_value();
    let path = project("docs/schemas").join(name);
    let text = format!("{made:#}\n");
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "{} is not what the types say; run the tests with UPDATE_SCHEMAS=1",
        path.display()
    );
    made
}

#[test]
fn the_schemas_are_those_of_the_types() {
    published::<proofmark::run::RunRecord>("run.schema.json");
    published::<proofmark::comparison::Comparison>("comparison.schema.json");
    published::<proofmark::selfcheck::SelfCheck>("selfcheck.schema.json");
    published::<proofmark::config::Config>("config.schema.json");
    published::<proofmark::config::Campaign>("campaign.schema.json");
    published::<proofmark::standard::Manifest>("standard.schema.json");
    published::<Vec<proofmark::standard::Requirement>>("requirements.schema.json");
    published::<proofmark::standard::Scenario>("scenario.schema.json");
    published::<proofmark::certificate::Statement>("certificate.schema.json");
    published::<proofmark::certificate::TrustFile>("trust.schema.json");
    published::<proofmark::register::Settings>("register-settings.schema.json");
    published::<proofmark::register::Event>("register-event.schema.json");
    published::<proofmark::register::Framework>("framework.schema.json");
    published::<proofmark::report::register::RegisterDocument>("register.schema.json");
}

#[test]
fn a_run_record_meets_its_schema() {
    let workspace = Workspace::new();
    let ended = workspace.run(&["demo", "--fault", "missing-official-name"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let schema = schema_for!(proofmark::run::RunRecord).to_value();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let record = workspace.json("proofmark-out/run.json");
    let errors: Vec<String> = validator.iter_errors(&record).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}
