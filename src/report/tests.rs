//! A small run record with one of everything, and an endpoint that means ill, for the tests of every format.

use indexmap::IndexMap;

use crate::check::{CheckResult, Finding, MustSupportResult, Outcome, Weight};
use crate::run::{
    BaselineRun, CapabilityResult, Counts, DataSource, DataUse, Endpoint, ExchangeSummary, FileDigest,
    MaturityResult, RequirementResult, RunRecord, SCHEMA_VERSION, ScenarioResult, Settings, StandardResult,
    StepResult, Supplier, TerminologyUse, Tool, Verdict,
};
use crate::standard::{Clause, Level, Maturity, Method, Role};

/// What a hostile endpoint puts where a value belongs.
pub(super) const HOSTILE: &str =
    "\u{1b}[31m<script>alert(1)</script>]]> \u{202e}\"'onmouseover=x\0 javascript:alert(2)";

/// The evidence of one exchange, as saved beside the run.
const EVIDENCE: &str = r#"{
  "id": "x2",
  "started": "2026-11-22T02:31:01Z",
  "durationMs": 35,
  "httpVersion": "HTTP/1.1",
  "request": {
    "method": "GET",
    "url": "https://fhir.example.org/STU3/Patient/1",
    "headers": [{ "name": "Accept", "value": "application/fhir+xml" }]
  },
  "response": {
    "status": 200,
    "headers": [{ "name": "Content-Type", "value": "text/html" }],
    "body": "<!DOCTYPE html>\n<script>alert(3)</script>\u0000\u202e]]>\n"
  }
}"#;

/// The evidence folder of the run.
pub(super) fn evidence(file: &str) -> Option<String> {
    (file == "evidence/x2.json").then(|| EVIDENCE.to_owned())
}

/// The record.
pub(super) fn record() -> RunRecord {
    RunRecord {
        schema_version: SCHEMA_VERSION.to_owned(),
        tool: Tool { name: "proofmark".to_owned(), version: "0.1.0".to_owned() },
        standards: vec![standard()],
        supplier: Some(Supplier {
            name: Some("Example Health Ltd".to_owned()),
            product: Some("Record Server".to_owned()),
            version: Some("4.2".to_owned()),
            environment: Some("integration".to_owned()),
            tested_by: Some("Example Laboratory".to_owned()),
        }),
        endpoint: Endpoint {
            url: "https://fhir.example.org/STU3".to_owned(),
            others: std::collections::BTreeMap::new(),
        },
        started: "2026-11-22T02:31:00Z".to_owned(),
        ended: "2026-11-22T02:31:04Z".to_owned(),
        duration_ms: 4200,
        interrupted: false,
        judged: "2026-11-22T02:31:04Z".to_owned(),
        inputs: FileDigest { file: "private/inputs.json".to_owned(), sha256: "00".repeat(32) },
        settings: Settings {
            policy: "as-published".to_owned(),
            jobs: 4,
            timeout_ms: 10_000,
            max_body_bytes: 16 << 20,
            selection: None,
        },
        terminology: None,
        baseline: None,
        data: vec![
            DataUse { name: "patient-a".to_owned(), source: DataSource::Example },
            DataUse { name: "patient-b".to_owned(), source: DataSource::Configured },
            DataUse { name: "deleted-patient".to_owned(), source: DataSource::Missing },
        ],
        requirements: requirements(),
        scenarios: scenarios(),
        exchanges: vec![exchange("x1", Some(200), None), exchange("x2", Some(200), None), {
            let refused = "connection refused".to_owned();
            ExchangeSummary { error: Some(refused), ..exchange("x3", None, None) }
        }],
    }
}

/// The record of a part of the standard, with a flaky answer, compared with a run of something else.
pub(super) fn noticed() -> RunRecord {
    let mut record = record();
    record.settings.selection = Some("scenarios read*".to_owned());
    record.terminology = Some(TerminologyUse {
        service: "https://tx.example.org/r4/".to_owned(),
        software: Some("Example Terminology 2.1".to_owned()),
        questions: 12,
        unanswered: 3,
        file: "private/terminology.json".to_owned(),
        original: "00".repeat(32),
    });
    record.exchanges[0].flaky = Some("answered at try 2 only; before: status 503".to_owned());
    record.baseline = Some(BaselineRun {
        started: "2026-11-15T02:31:00Z".to_owned(),
        standard: "example@1.2.0".to_owned(),
        product: Some("Another Server".to_owned()),
        product_version: Some("4.1".to_owned()),
        endpoint: Some("https://other.example.org/STU3".to_owned()),
    });
    record
}

fn standard() -> StandardResult {
    let areas = [
        ("read", "Reading a record"),
        ("search", "Searching"),
        ("patient", "Patient"),
        ("security", "Security"),
    ];
    StandardResult {
        id: "example".to_owned(),
        title: "Example API".to_owned(),
        version: "1.3.0".to_owned(),
        digest: "ab12".repeat(16),
        maturity: MaturityResult { status: Maturity::Trial, label: "late beta".to_owned() },
        role: Role::Server,
        areas: areas.into_iter().map(|(key, title)| (key.to_owned(), title.to_owned())).collect::<IndexMap<_, _>>(),
        not_covered: vec!["Location".to_owned(), "Documents".to_owned()],
        capabilities: capabilities(),
        verdict: Verdict::NotConformant,
        sentence: "Record Server 4.2 is not conformant with Example API 1.3.0 (trial) as a server: 1 of 5 mandatory \
                   requirements failed and 3 are open; 1 is to be declared."
            .to_owned(),
        counts: Counts {
            not_tested: 0,
            mandatory: 5,
            mandatory_passed: 1,
            mandatory_failed: 1,
            mandatory_open: 3,
            mandatory_waived: 0,
            expired_waivers: 0,
            advisory_failed: 2,
            not_applicable: 1,
            to_be_declared: 1,
        },
    }
}

fn capabilities() -> IndexMap<String, CapabilityResult> {
    let capability =
        |title: &str, areas: &[&str], verdict: Option<Verdict>, counts: Counts| CapabilityResult {
            title: title.to_owned(),
            areas: areas.iter().map(|area| (*area).to_owned()).collect(),
            verdict,
            counts,
        };
    let failed = Counts { mandatory: 2, mandatory_passed: 1, mandatory_failed: 1, ..Counts::default() };
    let open = Counts { mandatory: 3, mandatory_open: 3, ..Counts::default() };
    let none = Counts { not_applicable: 1, ..Counts::default() };
    IndexMap::from([
        ("reading".to_owned(), capability("Reading", &["read"], Some(Verdict::NotConformant), failed)),
        ("patients".to_owned(), capability("Patients", &["patient"], Some(Verdict::Incomplete), open)),
        ("booking".to_owned(), capability("Booking", &["booking"], None, none)),
    ])
}

fn requirements() -> Vec<RequirementResult> {
    use Outcome::{Fail, Inconclusive, NotApplicable, NotDemonstrated, Pass};
    let json = "read[format=json]";
    let xml = "read[format=xml]";
    vec![
        requirement("EX-READ-001", Level::Shall, "read", Pass, &[json]),
        requirement("EX-READ-002", Level::Shall, "read", Fail, &[json, xml]),
        requirement("EX-HDR-001", Level::Should, "read", Fail, &[json]),
        RequirementResult {
            binding: false,
            maturity: Maturity::Draft,
            note: Some("The sources contradict each other.".to_owned()),
            ..requirement("EX-READ-003", Level::Shall, "read", Fail, &[xml])
        },
        requirement("EX-SEARCH-001", Level::Shall, "search", Inconclusive, &["search", "search-page"]),
        requirement("EX-SEARCH-002", Level::May, "search", NotApplicable, &["search-optional"]),
        requirement("EX-SEARCH-003", Level::ShallNot, "search", Inconclusive, &["search"]),
        RequirementResult {
            must_support: Some(must_support(&["Patient.name"], &["Patient.telecom"])),
            ..requirement("EX-PAT-001", Level::Shall, "patient", NotDemonstrated, &["must-support"])
        },
        RequirementResult {
            must_support: Some(must_support(&[], &["Patient.telecom"])),
            ..requirement("EX-PAT-002", Level::Should, "patient", NotDemonstrated, &["must-support"])
        },
        RequirementResult {
            method: Method::Declaration,
            question: Some("How do you keep an audit trail of access?".to_owned()),
            ..requirement("EX-SEC-001", Level::Shall, "security", NotDemonstrated, &[])
        },
    ]
}

fn must_support(shown: &[&str], not_shown: &[&str]) -> MustSupportResult {
    let ids = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect();
    let profile = "https://example.org/StructureDefinition/Example-Patient".to_owned();
    MustSupportResult { profile, resources: 3, shown: ids(shown), not_shown: ids(not_shown) }
}

fn requirement(
    id: &str,
    level: Level,
    area: &str,
    outcome: Outcome,
    scenarios: &[&str],
) -> RequirementResult {
    RequirementResult {
        id: id.to_owned(),
        level,
        implied: false,
        area: area.to_owned(),
        aspects: Vec::new(),
        text: format!("What {id} asks for, in words."),
        clause: Clause {
            page: "api_page".to_owned(),
            section: Some("1.1".to_owned()),
            url: Some("https://example.org/spec#1.1".to_owned()),
        },
        maturity: Maturity::Trial,
        binding: true,
        method: Method::Automated,
        question: None,
        note: None,
        outcome,
        reason: None,
        waiver: None,
        baseline: None,
        must_support: None,
        scenarios: scenarios.iter().map(|&id| id.to_owned()).collect(),
    }
}

fn scenarios() -> Vec<ScenarioResult> {
    let refused = Some("endpoint did not answer: connection refused".to_owned());
    let unanswered = |id: &str| {
        let step = StepResult {
            reason: refused.clone(),
            ..step("search Patient", Outcome::Inconclusive, "x3", vec![])
        };
        let made = scenario(id, "Search", Outcome::Inconclusive, &["EX-SEARCH-001", "EX-SEARCH-003"], step);
        ScenarioResult { reason: refused.clone(), ..made }
    };
    let header =
        check("header", Outcome::Fail, &["EX-HDR-001"], "the ETag header").compared("present", "absent");
    let passed = check("status", Outcome::Pass, &["EX-READ-001", "EX-READ-002"], "the status");
    let absent = "no resource in this run has a telecom";
    let unshown =
        check("must-support", Outcome::NotDemonstrated, &["EX-PAT-001", "EX-PAT-002"], "Patient.telecom")
            .compared("at least one resource that has it", absent);
    vec![
        scenario(
            "read[format=json]",
            "Read a patient as JSON",
            Outcome::Fail,
            &["EX-READ-001", "EX-READ-002", "EX-HDR-001"],
            step("read Patient/1", Outcome::Fail, "x1", vec![passed, header]),
        ),
        scenario(
            "read[format=xml]",
            "Read a patient as XML",
            Outcome::Fail,
            &["EX-READ-002", "EX-READ-003"],
            step("read Patient/1", Outcome::Fail, "x2", vec![hostile_check()]),
        ),
        unanswered("search"),
        unanswered("search-page"),
        ScenarioResult {
            reason: Some("the capability statement does not claim Patient.search.gender".to_owned()),
            steps: vec![],
            ..scenario(
                "search-optional",
                "Search by gender",
                Outcome::NotApplicable,
                &["EX-SEARCH-002"],
                step("", Outcome::NotApplicable, "", vec![]),
            )
        },
        scenario(
            "must-support",
            "Elements that must be supported",
            Outcome::NotDemonstrated,
            &["EX-PAT-001", "EX-PAT-002"],
            step("what the run has seen", Outcome::NotDemonstrated, "", vec![unshown]),
        ),
    ]
}

fn hostile_check() -> CheckResult {
    let finding = Finding {
        code: "value-not-in-set".to_owned(),
        weight: Weight::Error,
        exchange: Some("x2".to_owned()),
        path: "Patient.name[0].family".to_owned(),
        line: Some(12),
        column: Some(8),
        definition: Some(
            "https://example.org/StructureDefinition/Patient|1.0.0#Patient.name.family".to_owned(),
        ),
        message: format!("not a name: {HOSTILE}"),
        expected: Some("a family name".to_owned()),
        actual: Some(HOSTILE.to_owned()),
    };
    let mut check = check("conforms-to", Outcome::Fail, &["EX-READ-002", "EX-READ-003"], "the body conforms")
        .compared("a Patient in XML", HOSTILE)
        .hint("send what the Accept header asks for");
    check.findings = vec![finding];
    check
}

fn check(code: &str, outcome: Outcome, verifies: &[&str], checked: &str) -> CheckResult {
    let verifies = verifies.iter().map(|&id| id.to_owned()).collect();
    CheckResult { verifies, ..CheckResult::new(code, outcome, checked) }
}

fn scenario(id: &str, title: &str, outcome: Outcome, verifies: &[&str], step: StepResult) -> ScenarioResult {
    ScenarioResult {
        id: id.to_owned(),
        title: title.to_owned(),
        verifies: verifies.iter().map(|&id| id.to_owned()).collect(),
        outcome,
        reason: None,
        duration_ms: 120,
        steps: vec![step],
    }
}

fn step(name: &str, outcome: Outcome, exchange: &str, checks: Vec<CheckResult>) -> StepResult {
    let sent = !exchange.is_empty();
    StepResult {
        name: name.to_owned(),
        outcome,
        reason: None,
        exchanges: sent.then(|| exchange.to_owned()).into_iter().collect(),
        checks,
        curl: sent.then(|| {
            "curl -H 'Accept: application/fhir+xml' 'https://fhir.example.org/STU3/Patient/1'".to_owned()
        }),
    }
}

fn exchange(id: &str, status: Option<u16>, error: Option<String>) -> ExchangeSummary {
    use sha2::Digest as _;
    let file = format!("evidence/{id}.json");
    let digest = sha2::Sha256::digest(evidence(&file).unwrap_or_default());
    ExchangeSummary {
        original: String::new(),
        id: id.to_owned(),
        file,
        sha256: hex::encode(digest),
        method: "GET".to_owned(),
        url: "https://fhir.example.org/STU3/Patient/1".to_owned(),
        status,
        error,
        flaky: None,
        duration_ms: 35,
    }
}
