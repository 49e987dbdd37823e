use std::sync::Arc;

use super::*;
use crate::fhir::{Release, parse_json};
use crate::package::{Package, PackageSet};
use crate::profile::{Issue, SchemaSet, Severity};

fn set(release: Release) -> SchemaSet {
    SchemaSet::new(Arc::new(PackageSet::new(release, vec![Arc::new(Package::core(release).unwrap())])))
}

fn found(issues: &[Issue]) -> Vec<String> {
    let place = |issue: &Issue| {
        let path = issue.path.split_once('.').map_or("", |(_, path)| path);
        format!("{} {path}", issue.code.trim_start_matches("questionnaire-")).trim_end().to_owned()
    };
    let mark = |issue: &Issue| match issue.severity {
        Severity::Error => place(issue),
        other => format!("{other:?}: {}", place(issue)),
    };
    issues.iter().map(mark).collect()
}

/// What a completed response with these items says against a contained form with those.
fn answered(form: &str, items: &str) -> Vec<String> {
    with_status("completed", form, items)
}

fn with_status(status: &str, form: &str, items: &str) -> Vec<String> {
    let text = format!(
        r##"{{"resourceType":"QuestionnaireResponse","questionnaire":"#q","status":"{status}","item":[{items}],
            "contained":[{{"resourceType":"Questionnaire","id":"q","item":[{form}],"contained":[
                {{"resourceType":"ValueSet","id":"v","compose":{{"include":[
                    {{"system":"http://s","concept":[{{"code":"a"}},{{"code":"b"}}]}}]}}}}]}}]}}"##
    );
    found(&check_response(parse_json(&text).unwrap().root(), &set(Release::R4)))
}

const NONE: [&str; 0] = [];

#[test]
fn items_stand_in_their_place_and_order() {
    let form = r#"{"linkId":"a","type":"string"},{"linkId":"g","type":"group","item":[
        {"linkId":"b","type":"string","item":[{"linkId":"c","type":"string"}]}]}"#;
    let item = |id: &str| format!(r#"{{"linkId":"{id}","answer":[{{"valueString":"x"}}]}}"#);
    let nested = r#"{"linkId":"g","item":[{"linkId":"b","answer":[{"valueString":"x",
        "item":[{"linkId":"c","answer":[{"valueString":"x"}]}]}]}]}"#;
    assert_eq!(answered(form, &format!("{},{nested}", item("a"))), NONE);
    assert_eq!(answered(form, &format!("{nested},{}", item("a"))), ["item-order item[1]"]);
    assert_eq!(answered(form, &item("z")), ["item-unknown item[0]"]);
    assert_eq!(answered(form, &item("c")), ["item-misplaced item[0]"]);
    assert_eq!(answered(form, &format!("{},{}", item("a"), item("a"))), ["item-repeated item[1]"]);
}

#[test]
fn groups_displays_and_questions_have_their_shapes() {
    let form = r#"{"linkId":"d","type":"display"},{"linkId":"g","type":"group","item":[{"linkId":"b","type":"string"}]},
        {"linkId":"p","type":"string","item":[{"linkId":"c","type":"string"}]}"#;
    let answer = r#""answer":[{"valueString":"x"}]"#;
    assert_eq!(answered(form, r#"{"linkId":"d"},{"linkId":"g"}"#), NONE);
    assert_eq!(answered(form, &format!(r#"{{"linkId":"d",{answer}}}"#)), ["item-shape item[0].answer[0]"]);
    assert_eq!(answered(form, &format!(r#"{{"linkId":"g",{answer}}}"#)), ["item-shape item[0].answer[0]"]);
    let beside = format!(r#"{{"linkId":"p","item":[{{"linkId":"c",{answer}}}]}}"#);
    assert_eq!(answered(form, &beside), ["item-shape item[0].item[0]"]);
}

#[test]
fn what_is_required_is_answered_in_what_is_complete() {
    let form = r#"{"linkId":"a","type":"string","required":true},{"linkId":"g","type":"group","required":true,
        "item":[{"linkId":"b","type":"boolean"},{"linkId":"c","type":"string","required":true,
            "enableWhen":[{"question":"b","operator":"=","answerBoolean":true}]}]}"#;
    let missing = answered(form, r#"{"linkId":"a"},{"linkId":"g"}"#);
    assert_eq!(missing, ["answer-missing item[0]", "answer-missing item[1]"]);
    assert_eq!(answered(form, ""), ["answer-missing", "answer-missing"]);
    assert_eq!(with_status("in-progress", form, r#"{"linkId":"a"}"#), NONE);
    let with = |b: bool, c: &str| {
        answered(
            form,
            &format!(
                r#"{{"linkId":"a","answer":[{{"valueString":"x"}}]}},
                {{"linkId":"g","item":[{{"linkId":"b","answer":[{{"valueBoolean":{b}}}]}}{c}]}}"#
            ),
        )
    };
    let c = r#",{"linkId":"c","answer":[{"valueString":"x"}]}"#;
    assert_eq!(with(true, c), NONE);
    assert_eq!(with(true, ""), ["answer-missing item[1]"]);
    assert_eq!(with(false, ""), NONE);
    assert_eq!(with(false, c), ["item-not-enabled item[1].item[1]"]);
}

/// What is said of answers to one question; paths begin below the item.
#[track_caller]
fn check(question: &str, answers: &str, expected: &[&str]) {
    let form = format!(r#"{{"linkId":"a",{question}}}"#);
    let found = answered(&form, &format!(r#"{{"linkId":"a","answer":[{answers}]}}"#));
    let found: Vec<String> = found.iter().map(|found| found.replace(" item[0].", " ")).collect();
    assert_eq!(found, expected, "{question} {answers}");
}

fn extension(url: &str, value: &str) -> String {
    let base = if url.starts_with("sdc") { "http://hl7.org/fhir/uv/sdc" } else { "http://hl7.org/fhir" };
    format!(r#""extension":[{{"url":"{base}/StructureDefinition/{url}",{value}}}]"#)
}

#[test]
fn an_answer_is_of_the_type_of_its_question() {
    for (kind, right) in [
        ("boolean", r#""valueBoolean":true"#),
        ("decimal", r#""valueDecimal":1.5"#),
        ("integer", r#""valueInteger":1"#),
        ("date", r#""valueDate":"2024""#),
        ("dateTime", r#""valueDateTime":"2024""#),
        ("time", r#""valueTime":"10:00:00""#),
        ("string", r#""valueString":"x""#),
        ("text", r#""valueString":"x""#),
        ("url", r#""valueUri":"http://x""#),
        ("attachment", r#""valueAttachment":{"title":"x"}"#),
        ("reference", r#""valueReference":{"display":"x"}"#),
        ("quantity", r#""valueQuantity":{"value":1}"#),
    ] {
        check(&format!(r#""type":"{kind}""#), &format!("{{{right}}}"), &[]);
        let wrong = r#"{"valueCoding":{"code":"x"}}"#;
        check(&format!(r#""type":"{kind}""#), wrong, &["answer-type answer[0].valueCoding"]);
    }
    check(
        r##""type":"choice","answerValueSet":"#v""##,
        r#"{"valueString":"x"}"#,
        &["answer-type answer[0].valueString"],
    );
}

#[test]
fn a_question_that_does_not_repeat_has_one_answer() {
    let two = r#"{"valueInteger":1},{"valueInteger":2}"#;
    check(r#""type":"integer""#, two, &["item-repeated answer[1]"]);
    check(r#""type":"integer","repeats":true"#, two, &[]);
    let at_most = extension("questionnaire-maxOccurs", r#""valueInteger":1"#);
    check(&format!(r#""type":"integer","repeats":true,{at_most}"#), two, &["item-repeated answer[1]"]);
    let at_least = extension("questionnaire-minOccurs", r#""valueInteger":3"#);
    let form = format!(r#"{{"linkId":"a","type":"integer","repeats":true,{at_least}}}"#);
    let items = format!(r#"{{"linkId":"a","answer":[{two}]}}"#);
    assert_eq!(answered(&form, &items), ["answer-too-few item[0]"]);
}

#[test]
fn a_choice_is_one_of_its_options() {
    let options = r#""answerOption":[{"valueCoding":{"system":"http://s","code":"a","display":"A"}},
        {"valueCoding":{"system":"http://s","code":"b"}}]"#;
    let coding = |code: &str| format!(r#"{{"valueCoding":{{"system":"http://s","code":"{code}"}}}}"#);
    let closed = format!(r#""type":"choice",{options}"#);
    check(&closed, &coding("b"), &[]);
    check(&closed, &coding("c"), &["answer-option answer[0].valueCoding"]);
    check(&closed, r#"{"valueCoding":{"code":"a"}}"#, &["answer-option answer[0].valueCoding"]);
    let open = format!(r#""type":"open-choice",{options}"#);
    check(&open, r#"{"valueString":"else"}"#, &[]);
    check(&open, r#"{"valueString":"A"}"#, &["Warning: free-text answer[0].valueString"]);
    check(&open, &coding("c"), &["answer-option answer[0].valueCoding"]);
    let in_set = r##""type":"choice","answerValueSet":"#v""##;
    check(in_set, &coding("a"), &[]);
    check(in_set, &coding("c"), &["answer-option answer[0].valueCoding"]);
    let not_here = r#""type":"choice","answerValueSet":"http://nowhere""#;
    check(not_here, &coding("a"), &["NotChecked: answer-not-checked answer[0].valueCoding"]);
    check(r#""type":"choice""#, &coding("a"), &["NotChecked: answer-not-checked answer[0].valueCoding"]);
    let dates = r#""type":"date","answerOption":[{"valueDate":"2024-01-01"}]"#;
    check(dates, r#"{"valueDate":"2024-01-01"}"#, &[]);
    check(dates, r#"{"valueDate":"2024-01-02"}"#, &["answer-option answer[0].valueDate"]);
}

#[test]
fn an_option_that_excludes_all_others_stands_alone() {
    let none = extension("questionnaire-optionExclusive", r#""valueBoolean":true"#);
    let question = format!(
        r#""type":"choice","repeats":true,"answerOption":[{{"valueString":"asthma"}},{{"valueString":"none",{none}}}]"#
    );
    check(&question, r#"{"valueString":"none"}"#, &[]);
    let both = r#"{"valueString":"asthma"},{"valueString":"none"}"#;
    check(&question, both, &["option-exclusive answer[1].valueString"]);
}

#[test]
fn bounds_are_inclusive() {
    let question = |kind: &str, bound: &str| format!(r#""type":"{kind}",{bound}"#);
    let at_least = question("integer", &extension("minValue", r#""valueInteger":5"#));
    check(&at_least, r#"{"valueInteger":5}"#, &[]);
    check(&at_least, r#"{"valueInteger":4}"#, &["answer-bounds answer[0].valueInteger"]);
    let until = question("dateTime", &extension("maxValue", r#""valueDateTime":"2024-06""#));
    check(&until, r#"{"valueDateTime":"2024-06-30"}"#, &[]);
    check(&until, r#"{"valueDateTime":"2024-07-01"}"#, &["answer-bounds answer[0].valueDateTime"]);
    let places = question("decimal", &extension("maxDecimalPlaces", r#""valueInteger":2"#));
    check(&places, r#"{"valueDecimal":1.25}"#, &[]);
    check(&places, r#"{"valueDecimal":1.250}"#, &["answer-bounds answer[0].valueDecimal"]);
}

#[test]
fn quantities_are_held_to_bounds_in_their_units() {
    let ucum = |value: &str, code: &str| {
        format!(r#""valueQuantity":{{"value":{value},"system":"http://unitsofmeasure.org","code":"{code}"}}"#)
    };
    let at_most = extension("sdc-questionnaire-maxQuantity", &ucum("5", "km"));
    let question = format!(r#""type":"quantity",{at_most}"#);
    check(&question, &format!("{{{}}}", ucum("5000", "m")), &[]);
    for beyond in
        [ucum("5001", "m"), ucum("1", "kg"), r#""valueQuantity":{"value":1,"unit":"km"}"#.to_owned()]
    {
        check(&question, &format!("{{{beyond}}}"), &["answer-bounds answer[0].valueQuantity"]);
    }
    let unclear = extension("sdc-questionnaire-maxQuantity", r#""valueQuantity":{"value":5,"unit":"km"}"#);
    let question = format!(r#""type":"quantity",{unclear}"#);
    let not_checked = "NotChecked: answer-not-checked answer[0].valueQuantity";
    check(&question, &format!("{{{}}}", ucum("1", "km")), &[not_checked]);
}

#[test]
fn texts_are_of_the_length_and_form_asked_for() {
    let wrong = ["answer-text answer[0].valueString"];
    check(r#""type":"string","maxLength":3"#, r#"{"valueString":"äöü"}"#, &[]);
    check(r#""type":"string","maxLength":3"#, r#"{"valueString":"abcd"}"#, &wrong);
    let short = extension("minLength", r#""valueInteger":2"#);
    check(&format!(r#""type":"string",{short}"#), r#"{"valueString":"a"}"#, &wrong);
    let digits = extension("regex", r#""valueString":"[0-9]+|none""#);
    check(&format!(r#""type":"string",{digits}"#), r#"{"valueString":"12"}"#, &[]);
    check(&format!(r#""type":"string",{digits}"#), r#"{"valueString":"12 nonesuch"}"#, &wrong);
    let broken = extension("regex", r#""valueString":"(""#);
    let not_checked = ["NotChecked: answer-not-checked answer[0].valueString"];
    check(&format!(r#""type":"string",{broken}"#), r#"{"valueString":"12"}"#, &not_checked);
    let lines = r#"{"valueString":"a\nb"}"#;
    check(r#""type":"string""#, lines, &["Warning: answer-text answer[0].valueString"]);
    check(r#""type":"text""#, lines, &[]);
}

#[test]
fn units_files_and_references_are_of_the_kinds_asked_for() {
    let cm = r#""valueCoding":{"system":"http://unitsofmeasure.org","code":"cm"}"#;
    let unit = format!(r#""type":"quantity",{}"#, extension("questionnaire-unitOption", cm));
    let quantity = |code: &str| {
        format!(r#"{{"valueQuantity":{{"value":1,"system":"http://unitsofmeasure.org","code":"{code}"}}}}"#)
    };
    check(&unit, &quantity("cm"), &[]);
    check(&unit, &quantity("kg"), &["answer-unit answer[0].valueQuantity"]);

    let file = format!(r#""type":"attachment",{}"#, extension("maxSize", r#""valueDecimal":3"#));
    check(&file, r#"{"valueAttachment":{"data":"YWJj"}}"#, &[]);
    check(
        &file,
        r#"{"valueAttachment":{"data":"YWJjZA=="}}"#,
        &["answer-attachment answer[0].valueAttachment"],
    );
    let kind = format!(r#""type":"attachment",{}"#, extension("mimeType", r#""valueCode":"image/*""#));
    check(&kind, r#"{"valueAttachment":{"contentType":"image/png"}}"#, &[]);
    check(
        &kind,
        r#"{"valueAttachment":{"contentType":"text/plain"}}"#,
        &["answer-attachment answer[0].valueAttachment"],
    );

    let types = extension("questionnaire-referenceResource", r#""valueCode":"Patient""#);
    let reference = format!(r#""type":"reference",{types}"#);
    check(&reference, r#"{"valueReference":{"reference":"Patient/1"}}"#, &[]);
    check(
        &reference,
        r#"{"valueReference":{"reference":"Organization/1"}}"#,
        &["answer-reference answer[0].valueReference"],
    );
    check(&reference, r#"{"valueReference":{"reference":"http://example.org/some/page"}}"#, &[]);
}

#[test]
fn stu3_writes_options_and_the_questionnaire_otherwise() {
    let response = |code: &str| {
        let text = format!(
            r##"{{"resourceType":"QuestionnaireResponse","questionnaire":{{"reference":"#q"}},"status":"completed",
                "item":[{{"linkId":"a","answer":[{{"valueCoding":{{"code":"{code}"}}}}]}}],
                "contained":[{{"resourceType":"Questionnaire","id":"q","item":[{{"linkId":"a","type":"choice",
                    "option":[{{"valueCoding":{{"code":"y"}}}}]}}]}}]}}"##
        );
        found(&check_response(parse_json(&text).unwrap().root(), &set(Release::Stu3)))
    };
    assert_eq!(response("y"), NONE);
    assert_eq!(response("n"), ["answer-option item[0].answer[0].valueCoding"]);
}

#[test]
fn the_questionnaire_is_found_in_the_bundle_or_said_to_be_missing() {
    let response = |canonical: &str| {
        let text = format!(
            r#"{{"resourceType":"Bundle","entry":[
                {{"resource":{{"resourceType":"QuestionnaireResponse","questionnaire":"{canonical}","status":"completed",
                    "item":[{{"linkId":"z"}}]}}}},
                {{"resource":{{"resourceType":"Questionnaire","id":"1","url":"http://e/q","version":"2"}}}},
                {{"resource":{{"resourceType":"Patient","id":"p"}}}}]}}"#
        );
        let bundle = parse_json(&text).unwrap();
        let response = bundle.root().child("entry").unwrap().child("resource").unwrap();
        found(&check_response(response, &set(Release::R4)))
    };
    let unknown = ["item-unknown entry[0].resource.item[0]"];
    assert_eq!(response("http://e/q"), unknown);
    assert_eq!(response("http://e/q|2"), unknown);
    assert_eq!(response("Questionnaire/1"), unknown);
    let missing = ["NotChecked: not-loaded entry[0].resource.questionnaire"];
    assert_eq!(response("http://e/q|3"), missing);
    let wrong = ["wrong-type entry[0].resource.questionnaire"];
    assert_eq!(response("Patient/p"), wrong);
    assert_eq!(response("http://hl7.org/fhir/ValueSet/item-type"), wrong);
}

#[test]
fn a_questionnaire_is_judged_by_what_it_promises() {
    let issues = |items: &str| {
        let text = format!(r#"{{"resourceType":"Questionnaire","item":[{items}]}}"#);
        found(&check_questionnaire(parse_json(&text).unwrap().root(), &set(Release::R4)))
    };
    let when = |question: &str| {
        format!(r#""enableWhen":[{{"question":"{question}","operator":"=","answerInteger":1}}]"#)
    };
    let question = |id: &str, more: &str| format!(r#"{{"linkId":"{id}","type":"integer",{more}}}"#);
    let first = question("a", r#""text":"A""#);
    assert_eq!(issues(&format!("{first},{}", question("b", &when("a")))), NONE);
    let place = "enable-when item[1].enableWhen[0]";
    assert_eq!(issues(&format!("{first},{}", question("b", &when("c")))), [place]);
    assert_eq!(issues(&format!("{first},{}", question("b", &when("b")))), [place]);
    let later = issues(&format!("{},{}", question("b", &when("a")), first));
    assert_eq!(later, ["Warning: enable-when item[0].enableWhen[0]"]);
    let inner = question("b", &format!(r#"{},"item":[{}]"#, when("c"), question("c", r#""text":"C""#)));
    assert_eq!(issues(&format!("{first},{inner}")), [place]);
    let initial = question("a", r#""initial":[{"valueString":"1"}]"#);
    assert_eq!(issues(&initial), ["value-type item[0].initial[0].valueString"]);
    assert_eq!(issues(&question("a", r#""initialString":"1""#)), ["value-type item[0].initialString"]);
    assert_eq!(issues(&question("a", r#""initial":[{"valueInteger":1}]"#)), NONE);
}

#[test]
fn each_finding_names_the_item_of_the_questionnaire() {
    let text = r##"{"resourceType":"QuestionnaireResponse","questionnaire":"#q","status":"in-progress",
        "item":[{"linkId":"a","answer":[{"valueString":"x"}]}],
        "contained":[{"resourceType":"Questionnaire","id":"q","url":"http://e/q","version":"2",
            "item":[{"linkId":"a","type":"integer"}]}]}"##;
    let issues = check_response(parse_json(text).unwrap().root(), &set(Release::R4));
    assert_eq!(issues[0].definitions, ["http://e/q|2#a"]);
}
