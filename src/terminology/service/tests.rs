use std::sync::{Arc, Mutex};

use serde_json::json;

use super::reply::Reply;
use super::*;
use crate::fhir::Release;
use crate::package::{Package, PackageSet};
use crate::terminology::{Membership, Terminology};

/// Knows one code; counts what it is asked.
#[derive(Debug)]
struct Stub {
    asked: Arc<Mutex<Vec<Question>>>,
}

impl Service for Stub {
    fn ask(&self, questions: &[Question]) -> Vec<Option<Answer>> {
        self.asked.lock().unwrap().extend(questions.iter().cloned());
        let answer = |question: &Question| match question.code.as_str() {
            "nobody-knows" => None,
            code => Some(Answer {
                member: code == "91936005",
                service: "https://tx.example.org/".to_owned(),
                at: "2026-01-02T03:04:05Z".to_owned(),
            }),
        };
        questions.iter().map(answer).collect()
    }
}

fn terminology() -> (Terminology, Arc<Mutex<Vec<Question>>>) {
    let core = Package::core(Release::R4).unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let stub = Stub { asked: Arc::clone(&asked) };
    let packages = Arc::new(PackageSet::new(Release::R4, vec![Arc::new(core)]));
    (Terminology::new(packages).asking(Box::new(stub)), asked)
}

const SNOMED_CT: &str = "http://snomed.info/sct";
const SUBSTANCES: &str = "http://hl7.org/fhir/ValueSet/substance-code";

#[test]
fn only_what_is_unknown_is_asked_and_only_once() {
    let (terminology, asked) = terminology();
    let set = |code| terminology.membership(SUBSTANCES, Some(SNOMED_CT), code).decided();
    assert_eq!(set("91936005"), None);
    assert_eq!(terminology.has_code(SNOMED_CT, "1").decided(), None);
    assert_eq!(
        terminology.membership("http://hl7.org/fhir/ValueSet/administrative-gender", None, "x"),
        Membership::NotMember
    );
    terminology.ask();
    assert_eq!((set("91936005"), terminology.has_code(SNOMED_CT, "1").decided()), (Some(true), Some(false)));
    assert_eq!(set("nobody-knows"), None);
    terminology.ask();
    assert_eq!(set("nobody-knows"), None);
    terminology.ask();
    assert_eq!(asked.lock().unwrap().len(), 3);
    assert_eq!(terminology.asked(), Some((2, 1)));
}

#[test]
fn what_does_not_look_like_a_code_is_not_sent() {
    let (terminology, asked) = terminology();
    for code in ["two  blanks", " leading", "line\nbreak", "", &"x".repeat(1000)] {
        let _ = terminology.membership(SUBSTANCES, Some(SNOMED_CT), code);
    }
    let _ = terminology.has_code("local", "a");
    terminology.ask();
    assert_eq!(asked.lock().unwrap().len(), 0);
}

#[test]
fn a_no_counts_only_where_it_is_about_the_code() {
    let says = |result: bool, more: serde_json::Value| {
        let mut parameters = vec![json!({"name": "result", "valueBoolean": result})];
        parameters.extend(more.as_array().unwrap().iter().cloned());
        reply::read(&json!({"resourceType": "Parameters", "parameter": parameters}))
    };
    let issue = |code: &str| {
        json!([{"name": "issues", "resource": {"resourceType": "OperationOutcome",
            "issue": [{"severity": "error", "code": code}]}}])
    };
    let message = |text: &str| json!([{"name": "message", "valueString": text}]);
    let yes = Some(Reply { member: true, explained: true });
    let no = |explained| Some(Reply { member: false, explained });
    assert_eq!(says(true, json!([])), yes);
    assert_eq!(says(false, json!([])), no(false));
    assert_eq!(says(false, issue("code-invalid")), no(true));
    assert_eq!(says(false, issue("not-found")), None);
    assert_eq!(says(false, message("The code 1 is not in the value set")), no(true));
    assert_eq!(says(false, message("Unknown code system http://snomed.info/sct")), None);
    assert_eq!(says(false, message("The CodeSystem http://x could not be found")), None);
    assert_eq!(
        says(false, json!([{"name": "x-caused-by-unknown-system", "valueCanonical": "http://x"}])),
        None
    );
    assert_eq!(reply::read(&json!({"resourceType": "OperationOutcome"})), None);
    assert_eq!(reply::read(&json!([1])), None);
}

#[test]
fn answers_are_kept_for_a_while() {
    let folder = tempfile::tempdir().unwrap();
    let kept = kept::Kept::new(folder.path());
    let question = Question { value_set: None, system: SNOMED_CT.to_owned(), code: "../../x".to_owned() };
    let at: jiff::Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
    let answer = Answer { member: true, service: "https://tx.example.org/".to_owned(), at: at.to_string() };
    kept.write(&question, &answer, true);
    let days = |days: i64| at + jiff::SignedDuration::from_hours(24 * days);
    assert_eq!(kept.read("https://tx.example.org/", &question, days(1)), Some(answer.clone()));
    assert_eq!(kept.read("https://tx.example.org/", &question, days(31)), None);
    assert_eq!(kept.read("https://other.example.org/", &question, days(1)), None);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    kept.write(&question, &Answer { member: false, ..answer.clone() }, false);
    let hours = |hours: i64| at + jiff::SignedDuration::from_hours(hours);
    assert!(kept.read("https://tx.example.org/", &question, hours(23)).is_some());
    assert_eq!(kept.read("https://tx.example.org/", &question, hours(25)), None, "it did not say why");
}

#[test]
fn old_answers_are_deleted_and_others_are_for_their_owner_only() {
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("answers");
    std::fs::create_dir(&folder).unwrap();
    let days = |days: u64| std::time::SystemTime::now() - std::time::Duration::from_secs(days * 86_400);
    for (name, age) in [("old.json", 31), ("young.json", 29), ("other.txt", 31)] {
        let file = std::fs::File::create(folder.join(name)).unwrap();
        file.set_modified(days(age)).unwrap();
    }
    let question = Question { value_set: None, system: SNOMED_CT.to_owned(), code: "1".to_owned() };
    let answer = Answer {
        member: true,
        service: "https://tx.example.org/".to_owned(),
        at: "2026-01-02T03:04:05Z".to_owned(),
    };
    kept::Kept::new(&folder).write(&question, &answer, true);
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 3, "{files:?}");
    assert!(!folder.join("old.json").exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let kept = files.iter().find(|file| file.file_stem().unwrap().len() == 64).unwrap();
        assert_eq!((mode(&folder), mode(kept)), (0o700, 0o600));
    }
}

#[test]
fn only_addresses_of_the_web_are_taken() {
    for wrong in ["file:///etc/passwd", "ftp://example.org", "tx.example.org", "", "https://example.org?x=1"]
    {
        assert!(Client::new(wrong, None).is_err(), "{wrong}");
    }
    assert!(Client::new("https://tx.example.org/r4", None).is_ok());
}
