//! Vital signs of R4: an Observation with one of their codes is judged by HL7's profile, named or not.
//!
//! <https://hl7.org/fhir/R4/observation-vitalsigns.html>

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::fhir::{Element, Release};
use crate::profile::{Code, Issue, Severity};

/// A resource is judged by a profile that it does not name.
pub(super) const CODE: Code = Code {
    name: "vital-sign",
    title: "An observation is judged as a vital sign",
    what: "FHIR R4 demands that an Observation of a vital sign follows the profile of that vital sign, whether it names it or \
        not. Which it is, is told by its code: the code of the profile, or one that means the same more narrowly.",
    why: "Vital signs are the one thing that every system shall be able to exchange with every other: so all use one code \
        for each, and the same units. A narrower code may stand beside it.",
    example: "An oral temperature has 8310-5 beside 8331-1 of LOINC, the category vital-signs, and a value in Cel or [degF].",
    specification: "https://hl7.org/fhir/R4/observation-vitalsigns.html",
};

const LOINC: &str = "http://loinc.org";
const SNOMED_CT: &str = "http://snomed.info/sct";
const BASE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The profile of each vital sign, with the code that it demands first and narrower ones of LOINC after it.
const PROFILES: [(&str, &str); 10] = [
    ("vitalspanel", "85353-1"),
    ("resprate", "9279-1 76170-0 76172-6"),
    (
        "heartrate",
        "8867-4 11328-2 40443-4 55425-1 60978-2 68999-2 69000-8 69001-6 73795-7 73799-9 76282-3 76476-1 76477-9 8889-8 \
         8890-6 8891-4 8892-2 8893-0",
    ),
    ("oxygensat", "2708-6 59408-5 59417-6"),
    (
        "bodytemp",
        "8310-5 11289-6 60830-5 60833-9 60834-7 60835-4 60836-2 60838-8 60955-0 61008-7 75539-7 75987-8 76010-8 76011-6 \
         8328-7 8329-5 8330-3 8331-1 8332-9 8333-7 8334-5",
    ),
    ("bodyheight", "8302-2 3137-7 3138-5 8306-3 8308-9"),
    ("headcircum", "9843-4 8287-5"),
    ("bodyweight", "29463-7 3141-9 3142-7 8335-2 8341-0"),
    ("bmi", "39156-5 89270-3"),
    (
        "bp",
        "85354-9 35094-2 55284-4 8480-6 8462-4 76534-7 76535-4 8453-3 8454-1 8455-8 8459-0 8460-8 8461-6 96607-7 96608-5 \
         96609-3",
    ),
];

/// Codes of SNOMED CT that mean the same.
const OTHERS: [(&str, &str); 1] = [("276885007", "bodytemp")];

/// The profile of each code of LOINC.
static BY_CODE: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let codes = |(name, codes): &(&'static str, &'static str)| {
        let name = *name;
        codes.split_ascii_whitespace().map(move |code| (code, name))
    };
    PROFILES.iter().flat_map(codes).collect()
});

/// The profile that a resource has to follow for its code, and that code.
pub(super) fn profile(resource: Element<'_>, release: Release) -> Option<(String, Element<'_>)> {
    if release != Release::R4 || resource.resource_type() != Some("Observation") {
        return None;
    }
    let codings = resource.child("code")?.children().filter(|child| child.name() == "coding");
    for coding in codings {
        let (Some(system), Some(code)) = (coding.text("system"), coding.child("code")) else { continue };
        let Some(text) = code.value() else { continue };
        let found = match system {
            LOINC => BY_CODE.get(text).copied(),
            SNOMED_CT => OTHERS.iter().find(|(own, _)| *own == text).map(|(_, name)| *name),
            _ => None,
        };
        if let Some(name) = found {
            return Some((format!("{BASE}{name}"), code));
        }
    }
    None
}

/// Says that a profile applies.
pub(super) fn applies(code: Element<'_>, profile: &str) -> Issue {
    let text = code.value().unwrap_or_default();
    let message = format!("the code {text} makes this a vital sign, which follows {profile}");
    Issue::at(code, &CODE, Severity::Information, message)
}
