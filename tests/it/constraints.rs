//! Every constraint of the base definitions: that it compiles, and what it says of every official example.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proofmark::fhir::{Element, Release, parse};
use proofmark::fhirpath::{Expression, Item};
use proofmark::package::{Package, PackageSet};
use proofmark::validate::{Knowledge, SchemaSet};
use serde::Deserialize;

use crate::rules::Rules;
use crate::workspace::{cached_package, project};

fn schemas(release: Release) -> SchemaSet {
    let core = Package::core(release).unwrap();
    SchemaSet::new(Arc::new(PackageSet::new(release, vec![Arc::new(core)])))
}

#[test]
fn every_constraint_of_both_releases_compiles() {
    for (release, least) in [(Release::Stu3, 1000), (Release::R4, 2000)] {
        let schemas = schemas(release);
        let mut count = 0;
        for definition in schemas.packages().all("StructureDefinition") {
            let root = definition.tree().unwrap().root();
            for element in root.descendants().filter(|found| found.name() == "constraint") {
                let Some(text) = element.text("expression") else { continue };
                count += 1;
                if let Err(error) = Expression::parse(text) {
                    panic!("{}: {:?}: {error}", definition.file, element.text("key"));
                }
            }
        }
        assert!(count > least, "{release}: {count}");
    }
}

/// What was expected of the examples of one release: the answers other than true, with the reason of each.
#[derive(Deserialize)]
struct Expected {
    answers: Vec<Answer>,
}

#[derive(Deserialize)]
struct Answer {
    key: String,
    #[serde(rename = "answer")]
    given: String,
    /// On how many elements.
    elements: usize,
    /// In how many files.
    files: usize,
    /// Which, where they are few.
    #[serde(default)]
    named: Vec<String>,
    reason: String,
}

#[test]
fn the_constraints_of_stu3_on_every_official_example() {
    examine(Release::Stu3, "hl7.fhir.r3.examples#3.0.2", "constraints-stu3.toml");
}

#[test]
fn the_constraints_of_r4_on_every_official_example() {
    examine(Release::R4, "hl7.fhir.r4.examples#4.0.1", "constraints-r4.toml");
}

/// What the rules say of the examples, by key and answer, with files.
type Answers = BTreeMap<(String, String), BTreeMap<String, usize>>;

fn examine(release: Release, package: &str, expected: &str) {
    let Some(folder) = cached_package(package) else { return };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let schemas = schemas(release);
    // Every second file to each of two threads: large ones lie together.
    let answers = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|first| {
                let (files, schemas) = (&files, &schemas);
                scope.spawn(move || {
                    let mut answers = Answers::new();
                    let mut rules = Rules::new(schemas);
                    for file in files.iter().skip(first).step_by(2) {
                        examine_file(release, schemas, &mut rules, file, &mut answers);
                    }
                    answers
                })
            })
            .collect();
        let mut all = Answers::new();
        for (what, found) in threads.into_iter().flat_map(|thread| thread.join().unwrap()) {
            all.entry(what).or_default().extend(found);
        }
        all
    });
    let text = std::fs::read_to_string(project("fixtures/official").join(expected)).unwrap();
    let expected: Expected = toml::from_str(&text).unwrap();
    let found: BTreeMap<_, _> = answers
        .iter()
        .map(|((key, answer), files)| {
            ((key.as_str(), answer.as_str()), (files.values().sum::<usize>(), files.len()))
        })
        .collect();
    let wanted: BTreeMap<_, _> = expected
        .answers
        .iter()
        .map(|known| ((known.key.as_str(), known.given.as_str()), (known.elements, known.files)))
        .collect();
    assert_eq!(found, wanted);
    for known in &expected.answers {
        let files = &answers[&(known.key.clone(), known.given.clone())];
        assert!(known.named.is_empty() || known.named.iter().eq(files.keys()), "{}: {files:?}", known.key);
        assert!(known.reason.len() > 20 && (known.files > 12 || !known.named.is_empty()), "{}", known.key);
    }
}

fn examine_file<'s>(
    release: Release,
    schemas: &'s SchemaSet,
    rules: &mut Rules<'s>,
    file: &Path,
    answers: &mut Answers,
) {
    let Ok(tree) = parse(&std::fs::read(file).unwrap()) else { return };
    let name = file.file_name().unwrap().to_str().unwrap();
    let knowledge = Knowledge::new(schemas);
    let mut context = knowledge.context();
    for case in rules.on(&tree) {
        // STU3's rules mean the container where they are on a contained resource.
        let resource = case.element.resource();
        let contained = release == Release::Stu3 && resource.name() == "contained";
        context.resource = resource.parent().filter(|_| contained).map(Element::resource);
        let focus = Item::element(case.element, Some(case.type_name));
        let answer = match case.expression.evaluate_boolean(&context, focus) {
            Ok(Some(true)) => continue,
            Ok(Some(false)) => "false".to_owned(),
            Ok(None) => "empty".to_owned(),
            Err(error) => error.to_string(),
        };
        *answers.entry((case.key.to_string(), answer)).or_default().entry(name.to_owned()).or_default() += 1;
    }
}
