//! How fast resources are read, each beside a reader of its format that keeps less:
//! `cargo bench --bench parse`. The figures and what they mean are in docs/performance.md.

use std::fmt::Write as _;
use std::sync::LazyLock;

use divan::black_box;
use proofmark::fhir::{Tree, parse, parse_json, write_xml};

fn main() {
    divan::main();
}

/// A text to read, by its name.
struct Sample {
    name: &'static str,
    text: String,
}

impl std::fmt::Display for Sample {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

static JSON: LazyLock<Vec<Sample>> = LazyLock::new(|| {
    let compact = bundle(1500);
    let value: serde_json::Value = serde_json::from_str(&compact).unwrap_or_default();
    let indented = format!("{value:#}");
    let mut samples =
        vec![Sample { name: "compact", text: compact }, Sample { name: "indented", text: indented }];
    samples.extend(published().map(|text| Sample { name: "published", text }));
    samples
});

static XML: LazyLock<Vec<Sample>> = LazyLock::new(|| {
    let samples = JSON.iter().filter_map(|sample| {
        let tree = parse_json(&sample.text).ok()?;
        Some(Sample { name: sample.name, text: write_xml(tree.root(), &()).ok()? })
    });
    samples.filter(|sample| sample.name != "indented").collect()
});

/// The JSON texts, for divan.
fn json() -> impl Iterator<Item = &'static Sample> {
    JSON.iter()
}

/// The XML texts, for divan.
fn xml() -> impl Iterator<Item = &'static Sample> {
    XML.iter()
}

/// The largest Bundle among the examples of R4, where FHIR tools keep it.
fn published() -> Option<String> {
    let cache = std::env::var_os("PROOFMARK_PACKAGE_CACHE").map(std::path::PathBuf::from);
    let cache = cache.or_else(|| Some(std::env::home_dir()?.join(".fhir/packages")))?;
    std::fs::read_to_string(cache.join("hl7.fhir.r4.examples#4.0.1/package/Bundle-resources.json")).ok()
}

#[divan::bench_group(max_time = 5)]
mod json_text {
    use divan::counter::BytesCount;
    use divan::{Bencher, black_box};
    use proofmark::fhir::parse;

    use super::{Sample, json, with_positions};

    #[divan::bench(args = json())]
    fn tree(bencher: Bencher<'_, '_>, sample: &Sample) {
        let counted = bencher.counter(BytesCount::of_str(&sample.text));
        counted.bench(|| parse(black_box(sample.text.as_bytes())));
    }

    #[divan::bench(args = json())]
    fn tree_and_every_position(bencher: Bencher<'_, '_>, sample: &Sample) {
        let counted = bencher.counter(BytesCount::of_str(&sample.text));
        counted.bench(|| with_positions(black_box(&sample.text)));
    }

    #[divan::bench(args = json())]
    fn serde_json_value(bencher: Bencher<'_, '_>, sample: &Sample) {
        let counted = bencher.counter(BytesCount::of_str(&sample.text));
        counted.bench(|| serde_json::from_slice::<serde_json::Value>(black_box(sample.text.as_bytes())));
    }
}

#[divan::bench_group(max_time = 5)]
mod xml_text {
    use divan::counter::BytesCount;
    use divan::{Bencher, black_box};
    use proofmark::fhir::parse;

    use super::{Sample, with_positions, xml};

    #[divan::bench(args = xml())]
    fn tree(bencher: Bencher<'_, '_>, sample: &Sample) {
        let counted = bencher.counter(BytesCount::of_str(&sample.text));
        counted.bench(|| parse(black_box(sample.text.as_bytes())));
    }

    #[divan::bench(args = xml())]
    fn tree_and_every_position(bencher: Bencher<'_, '_>, sample: &Sample) {
        let counted = bencher.counter(BytesCount::of_str(&sample.text));
        counted.bench(|| with_positions(black_box(&sample.text)));
    }

    #[divan::bench(args = xml())]
    fn roxmltree(bencher: Bencher<'_, '_>, sample: &Sample) {
        let counted = bencher.counter(BytesCount::of_str(&sample.text));
        counted.bench(|| {
            roxmltree::Document::parse(black_box(&sample.text)).map(|read| read.descendants().count())
        });
    }
}

/// The tree, after the line and column of each of its elements was asked for.
fn with_positions(text: &str) -> Option<Tree> {
    let tree = parse(text.as_bytes()).ok()?;
    for element in tree.root().descendants() {
        black_box(element.position());
    }
    Some(tree)
}

/// A Bundle of so many patients, each with a laboratory result. Always the same text.
fn bundle(patients: u32) -> String {
    let mut entries = String::new();
    for number in 0..patients {
        let comma = if number == 0 { "" } else { "," };
        let day = number % 28 + 1;
        let _ = write!(
            entries,
            r#"{comma}{{"fullUrl":"https://example.org/fhir/Patient/{number}","resource":{{"resourceType":"Patient","id":"{number}","meta":{{"versionId":"1","lastUpdated":"2024-02-{day:02}T09:30:00.000Z","profile":["https://example.org/StructureDefinition/Patient"]}},"text":{{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Patient <b>{number}</b> of this ward, seen in February &amp; March.</p></div>"}},"extension":[{{"url":"https://example.org/StructureDefinition/ethnicity","valueCodeableConcept":{{"coding":[{{"system":"https://example.org/ethnicity","code":"A","display":"British"}}]}}}}],"identifier":[{{"use":"official","system":"https://example.org/number","value":"99900{number:05}"}},{{"system":"https://example.org/local","value":"L{number}"}}],"active":true,"name":[{{"use":"official","family":"Ashcombe","given":["Robin","Elise"],"_given":[null,{{"id":"second"}}],"prefix":["Mx"]}}],"telecom":[{{"system":"phone","value":"01632 960{day:03}","use":"home"}}],"gender":"other","birthDate":"1974-03-{day:02}","_birthDate":{{"extension":[{{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthTime","valueDateTime":"1974-03-{day:02}T14:35:45Z"}}]}},"address":[{{"line":["{number} Long Lane","Zoë’s Corner"],"city":"Little Example","postalCode":"ZZ99 {day}AB"}}],"generalPractitioner":[{{"reference":"Practitioner/1"}}]}},"search":{{"mode":"match"}}}},{{"fullUrl":"https://example.org/fhir/Observation/{number}","resource":{{"resourceType":"Observation","id":"{number}","status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}}]}}],"code":{{"coding":[{{"system":"http://loinc.org","code":"2951-2","display":"Sodium [Moles/volume] in Serum or Plasma"}}],"text":"Sodium"}},"subject":{{"reference":"Patient/{number}"}},"effectiveDateTime":"2024-02-{day:02}T08:05:00+00:00","valueQuantity":{{"value":1{day:02}.50,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"}},"referenceRange":[{{"low":{{"value":133,"unit":"mmol/L"}},"high":{{"value":146,"unit":"mmol/L"}}}}]}}}}"#
        );
    }
    format!(
        r#"{{"resourceType":"Bundle","id":"bench","type":"searchset","total":{patients},"entry":[{entries}]}}"#
    )
}
