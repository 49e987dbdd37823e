//! The report in the W3C's Evaluation and Report Language, as JSON-LD (<https://www.w3.org/TR/EARL10-Schema/>): one
//! assertion a requirement.

use serde_json::{Value, json};

use super::case::Index;
use super::facts;
use crate::check::Outcome;
use crate::inert::visible;
use crate::run::{RequirementResult, RunRecord};
use crate::standard::Method;

/// The report as EARL.
pub fn render(record: &RunRecord) -> serde_json::Result<String> {
    let index = Index::new(record);
    let tool = format!("{} {}", record.tool.name, record.tool.version);
    let supplier = record.supplier.clone().unwrap_or_default();
    let product: Vec<String> =
        [supplier.name, supplier.product, supplier.version].into_iter().flatten().collect();
    let title = if product.is_empty() { record.endpoint.url.clone() } else { product.join(" ") };
    let mut graph = vec![
        json!({ "@id": "_:tool", "@type": ["earl:Assertor", "earl:Software"], "dct:title": tool }),
        json!({
            "@id": "_:product",
            "@type": "earl:TestSubject",
            "dct:title": visible(&title),
            "dct:source": visible(&record.endpoint.url),
        }),
    ];
    for requirement in &record.requirements {
        graph.push(criterion(requirement));
        graph.push(assertion(&index, requirement, &record.judged));
        graph.extend(waived(requirement, &record.judged));
    }
    let report = json!({
        "@context": {
            "earl": "http://www.w3.org/ns/earl#",
            "dct": "http://purl.org/dc/terms/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@graph": graph,
    });
    let mut text = serde_json::to_string_pretty(&report)?;
    text.push('\n');
    Ok(text)
}

fn name(requirement: &RequirementResult) -> String {
    format!("_:requirement-{}", requirement.id.replace(|c: char| !c.is_ascii_alphanumeric(), "-"))
}

fn criterion(requirement: &RequirementResult) -> Value {
    let mut criterion = json!({
        "@id": name(requirement),
        "@type": "earl:TestRequirement",
        "dct:identifier": requirement.id,
        "dct:title": format!("{}: {}", requirement.level, requirement.text),
        "dct:description": facts::clause(&requirement.clause),
    });
    if let Some(url) = &requirement.clause.url {
        criterion["dct:source"] = Value::from(url.clone());
    }
    criterion
}

fn assertion(index: &Index<'_>, requirement: &RequirementResult, judged: &str) -> Value {
    let mut result = json!({
        "@type": "earl:TestResult",
        "earl:outcome": { "@id": outcome(requirement.outcome) },
        "dct:date": { "@value": judged, "@type": "xsd:dateTime" },
    });
    if requirement.outcome != Outcome::Pass
        && let Some(why) = facts::why_of(index, requirement)
    {
        result["earl:info"] = Value::from(visible(&why));
    }
    let mode = match requirement.method {
        Method::Automated => "earl:automatic",
        Method::Declaration | Method::Document | Method::Witnessed => "earl:manual",
    };
    json!({
        "@type": "earl:Assertion",
        "earl:assertedBy": { "@id": "_:tool" },
        "earl:subject": { "@id": "_:product" },
        "earl:test": { "@id": name(requirement) },
        "earl:mode": { "@id": mode },
        "earl:result": result,
    })
}

/// What an approver asserts who waived a requirement: a second assertion, which takes nothing from the first.
fn waived(requirement: &RequirementResult, judged: &str) -> Option<Value> {
    let waiver = requirement.waiver.as_ref().filter(|waiver| waiver.covers(requirement.outcome))?;
    Some(json!({
        "@type": "earl:Assertion",
        "earl:assertedBy": { "@type": "earl:Assertor", "dct:title": visible(&waiver.approver) },
        "earl:subject": { "@id": "_:product" },
        "earl:test": { "@id": name(requirement) },
        "earl:mode": { "@id": "earl:manual" },
        "earl:result": {
            "@type": "earl:TestResult",
            "earl:outcome": { "@id": "earl:passed" },
            "dct:date": { "@value": judged, "@type": "xsd:dateTime" },
            "earl:info": visible(&format!("waived until {}: {}", waiver.expires, waiver.reason)),
        },
    }))
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "earl:passed",
        Outcome::Fail => "earl:failed",
        Outcome::NotApplicable => "earl:inapplicable",
        Outcome::NotDemonstrated => "earl:untested",
        Outcome::Inconclusive => "earl:cantTell",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::record;

    #[test]
    fn each_requirement_is_asserted_once_and_every_name_is_defined() {
        let record = record();
        let report: Value = serde_json::from_str(&render(&record).unwrap()).unwrap();
        let graph = report["@graph"].as_array().unwrap();
        let named: Vec<&str> = graph.iter().filter_map(|node| node["@id"].as_str()).collect();
        let assertions: Vec<&Value> = graph.iter().filter(|node| node["@type"] == "earl:Assertion").collect();
        let automatic = assertions.iter().filter(|one| one["earl:assertedBy"]["@id"] == "_:tool").count();
        assert_eq!(automatic, record.requirements.len());
        for assertion in assertions {
            assert!(named.contains(&assertion["earl:test"]["@id"].as_str().unwrap()));
        }
        let of = |id: &str| {
            let test = format!("_:requirement-{id}");
            let found = graph.iter().find(|node| node["earl:test"]["@id"] == test.as_str()).unwrap();
            found["earl:result"]["earl:outcome"]["@id"].as_str().unwrap().to_owned()
        };
        assert_eq!(of("EX-READ-001"), "earl:passed");
        assert_eq!(of("EX-READ-002"), "earl:failed");
        assert_eq!(of("EX-SEARCH-001"), "earl:cantTell");
        assert_eq!(of("EX-SEC-001"), "earl:untested");
    }
}
