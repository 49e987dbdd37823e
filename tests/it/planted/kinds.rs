//! The kinds of fault, each a small change of an example.

use serde_json::{Value, json};

use super::definitions::capital;
use super::subject::{Planted, Site, Subject};

/// A kind of fault.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// Puts one into an example, where it has a place for it.
    pub(super) plant: fn(&Subject<'_>) -> Option<Planted>,
}

pub(super) const KINDS: &[Kind] = &[
    Kind { name: "unknown element", plant: unknown_element },
    Kind { name: "unknown element, nested", plant: unknown_nested_element },
    Kind { name: "required element gone", plant: required_element_gone },
    Kind { name: "bad code", plant: bad_code },
    Kind { name: "impossible date", plant: impossible_date },
    Kind { name: "wrong reference target", plant: wrong_reference_target },
    Kind { name: "contained resource that is not there", plant: dangling_reference },
    Kind { name: "start after end", plant: start_after_end },
    Kind { name: "script in narrative", plant: script_in_narrative },
    Kind { name: "unreferenced contained", plant: unreferenced_contained },
    Kind { name: "object for array", plant: object_for_array },
    Kind { name: "array for object", plant: array_for_object },
    Kind { name: "string for number", plant: string_for_number },
    Kind { name: "number for string", plant: number_for_string },
    Kind { name: "text for object", plant: text_for_object },
    Kind { name: "extension of wrong type", plant: extension_of_wrong_type },
    Kind { name: "extension in wrong context", plant: extension_in_wrong_context },
    Kind { name: "two value[x]", plant: two_values },
    Kind { name: "empty text", plant: empty_text },
    Kind { name: "empty object", plant: empty_object },
    Kind { name: "null", plant: null },
    Kind { name: "bad id", plant: bad_id },
    Kind { name: "code with white space", plant: code_with_white_space },
    Kind { name: "unknown resource type", plant: unknown_resource_type },
];

fn is_complex(site: &Site) -> bool {
    site.type_name.starts_with(|letter: char| letter.is_ascii_uppercase())
}

fn within(planted: Planted, name: &str) -> Planted {
    let places = planted.places.iter().map(|place| format!("{place}.{name}")).collect();
    Planted { places, ..planted }
}

fn unknown_element(subject: &Subject<'_>) -> Option<Planted> {
    let root = subject.pick("unknown element", |site| site.definition.is_none())?;
    let planted = subject.with_object(root, |object| {
        object.insert("unheardOf".to_owned(), json!("x"));
    });
    Some(within(planted, "unheardOf"))
}

fn unknown_nested_element(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject.pick("unknown nested", |site| site.definition.is_some() && is_complex(site))?;
    let planted = subject.with_object(site, |object| {
        object.insert("unheardOf".to_owned(), json!("x"));
    });
    Some(within(planted, "unheardOf"))
}

fn required_element_gone(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject.pick("required", |site| {
        site.definition.as_ref().is_some_and(|definition| definition.min > 0 && !definition.repeats)
            && subject.around(site).is_some_and(|around| around.type_name != "Narrative")
    })?;
    let around = subject.around(site)?;
    let key = site.pointer.rsplit('/').next()?.to_owned();
    Some(subject.with_object(around, |object| {
        object.shift_remove(&key);
        object.shift_remove(&format!("_{key}"));
    }))
}

fn bad_code(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject.pick("bad code", |site| {
        site.type_name == "code" && site.definition.as_ref().is_some_and(|found| found.required_binding)
    })?;
    Some(subject.with(site, json!("no-such-code!")))
}

fn impossible_date(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject
        .pick("impossible date", |site| matches!(site.type_name.as_str(), "date" | "dateTime" | "instant"))?;
    let date = if site.type_name == "instant" { "2019-02-30T10:00:00Z" } else { "2019-02-30" };
    Some(subject.with(site, json!(date)))
}

fn wrong_reference_target(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject.pick("wrong target", |site| {
        let restricted = |targets: &[String]| {
            !targets.is_empty() && !targets.iter().any(|target| target == "Resource" || target == "Binary")
        };
        site.type_name == "Reference"
            && site.definition.as_ref().is_some_and(|definition| restricted(&definition.targets))
    })?;
    Some(subject.with(site, json!({ "reference": "Binary/1" })))
}

fn dangling_reference(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject.pick("dangling", |site| site.type_name == "Reference")?;
    Some(subject.with(site, json!({ "reference": "#nowhere" })))
}

fn start_after_end(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject
        .pick("period", |site| site.type_name == "Period" && subject.at(site).get("start").is_some())?;
    Some(subject.with_object(site, |object| {
        object.insert("end".to_owned(), json!("1801-01-01"));
    }))
}

fn script_in_narrative(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject.pick("narrative", |site| site.type_name == "xhtml")?;
    let text = subject.at(site).as_str()?;
    let end = text.rfind("</")?;
    Some(subject.with(site, json!(format!("{}<script>alert(1)</script>{}", &text[..end], &text[end..]))))
}

fn unreferenced_contained(subject: &Subject<'_>) -> Option<Planted> {
    let definitions = subject.definitions.children(&subject.type_name);
    definitions.iter().find(|definition| definition.name == "contained")?;
    let root = subject.pick("contained", |site| site.definition.is_none())?;
    Some(subject.with_object(root, |object| {
        let contained = object.entry("contained").or_insert_with(|| json!([]));
        if let Some(contained) = contained.as_array_mut() {
            let added = json!({ "resourceType": "Organization", "id": "left-alone", "name": "x" });
            contained.push(added);
        }
    }))
}

fn object_for_array(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject.pick("object for array", |site| site.pointer.ends_with("/0"))?;
    let around = subject.around(site)?;
    let key = site.pointer.trim_end_matches("/0").rsplit('/').next()?.to_owned();
    let own = subject.at(site).clone();
    let planted = subject.with_object(around, |object| {
        object.shift_remove(&format!("_{key}"));
        object.insert(key.clone(), own);
    });
    Some(within(planted, &key))
}

fn array_for_object(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject.pick("array for object", |site| {
        site.definition.is_some() && !site.pointer.ends_with(|last: char| last.is_ascii_digit())
    })?;
    let value = subject.at(site).clone();
    Some(subject.with(site, json!([value])))
}

fn string_for_number(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject.pick("string for number", |site| {
        let number = matches!(
            site.type_name.as_str(),
            "boolean" | "integer" | "decimal" | "positiveInt" | "unsignedInt"
        );
        number && !subject.at(site).is_string()
    })?;
    Some(subject.with(site, json!(subject.at(site).to_string())))
}

fn number_for_string(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject
        .pick("number for string", |site| matches!(site.type_name.as_str(), "string" | "uri" | "code"))?;
    Some(subject.with(site, json!(12)))
}

fn text_for_object(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject.pick("text for object", |site| {
        site.definition.is_some() && is_complex(site) && subject.at(site).get("resourceType").is_none()
    })?;
    Some(subject.with(site, json!("x")))
}

/// Adds an extension to an element that can have one.
fn extended(subject: &Subject<'_>, site: &Site, extension: Value) -> Planted {
    let count = subject.at(site).get("extension").and_then(Value::as_array).map_or(0, Vec::len);
    let planted = subject.with_object(site, |object| {
        let extensions = object.entry("extension").or_insert_with(|| json!([]));
        if let Some(extensions) = extensions.as_array_mut() {
            extensions.push(extension);
        }
    });
    within(planted, &format!("extension[{count}]"))
}

fn can_be_extended(subject: &Subject<'_>, site: &Site) -> bool {
    is_complex(site)
        && subject.definitions.children(&site.type_name).iter().any(|child| child.name == "extension")
        && site.type_name != "Extension"
}

fn extension_of_wrong_type(subject: &Subject<'_>) -> Option<Planted> {
    // It may stand on any element, and its value is a code.
    let site =
        subject.pick("wrong type", |site| site.definition.is_some() && can_be_extended(subject, site))?;
    let extension = json!({
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
        "valueDecimal": 1.5,
    });
    Some(extended(subject, site, extension))
}

fn extension_in_wrong_context(subject: &Subject<'_>) -> Option<Planted> {
    let site =
        subject.pick("wrong context", |site| site.definition.is_none() && can_be_extended(subject, site))?;
    let extension = if subject.type_name == "Patient" {
        json!({
            "url": "http://hl7.org/fhir/StructureDefinition/observation-bodyPosition",
            "valueCodeableConcept": { "text": "x" },
        })
    } else {
        // STU3 and R4 call it differently.
        let url = ["birthPlace", "patient-birthPlace"]
            .map(|name| format!("http://hl7.org/fhir/StructureDefinition/{name}"))
            .into_iter()
            .find(|url| subject.definitions.has(url))?;
        json!({ "url": url, "valueAddress": { "text": "x" } })
    };
    Some(extended(subject, site, extension))
}

fn two_values(subject: &Subject<'_>) -> Option<Planted> {
    let chosen =
        |site: &Site| site.definition.as_ref().is_some_and(|found| found.choice && found.types.len() > 1);
    let site = subject.pick("two values", chosen)?;
    let (definition, around) = (site.definition.as_ref()?, subject.around(site)?);
    let other = ["string", "boolean", "dateTime", "Period", "Range", "Reference", "CodeableConcept", "code"]
        .into_iter()
        .find(|other| *other != site.type_name && definition.types.iter().any(|found| found == other))?;
    let value = match other {
        "string" | "code" => json!("x"),
        "boolean" => json!(true),
        "dateTime" => json!("2019-01-01"),
        "Period" => json!({ "start": "2019-01-01" }),
        "Range" => json!({ "low": { "value": 1 } }),
        _ => json!({ "display": "x", "text": "x" }),
    };
    let value = match other {
        "Reference" => json!({ "display": "x" }),
        "CodeableConcept" => json!({ "text": "x" }),
        _ => value,
    };
    let name = format!("{}{}", definition.name, capital(other));
    let mut planted = subject.with_object(around, |object| {
        object.insert(name.clone(), value);
    });
    planted.places = vec![
        format!("{}.{name}", around.path),
        site.path.clone(),
        format!("{}.{}", around.path, definition.name),
    ];
    Some(planted)
}

fn empty_text(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject.pick("empty text", |site| {
        site.definition.is_some() && subject.at(site).is_string() && site.type_name != "xhtml"
    })?;
    Some(subject.with(site, json!("")))
}

fn empty_object(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject.pick("empty object", |site| {
        site.definition.is_some() && is_complex(site) && subject.at(site).get("resourceType").is_none()
    })?;
    Some(subject.with(site, json!({})))
}

fn null(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject.pick("null", |site| {
        let in_array = site.pointer.ends_with(|last: char| last.is_ascii_digit());
        site.definition.is_some() && !in_array && !subject.at(site).is_object()
    })?;
    Some(subject.with(site, Value::Null))
}

fn bad_id(subject: &Subject<'_>) -> Option<Planted> {
    let root = subject.pick("id", |site| site.definition.is_none())?;
    let planted = subject.with_object(root, |object| {
        object.insert("id".to_owned(), json!("not an id"));
    });
    Some(within(planted, "id"))
}

fn code_with_white_space(subject: &Subject<'_>) -> Option<Planted> {
    let site = subject.pick("white space", |site| site.type_name == "code")?;
    let code = subject.at(site).as_str()?;
    Some(subject.with(site, json!(format!(" {code} "))))
}

fn unknown_resource_type(subject: &Subject<'_>) -> Option<Planted> {
    let root = subject.pick("resource type", |site| site.definition.is_none())?;
    let mut planted = subject.with_object(root, |object| {
        object.insert("resourceType".to_owned(), json!("Pateint"));
    });
    planted.places = vec!["Pateint".to_owned()];
    Some(planted)
}
