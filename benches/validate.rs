//! How fast resources are judged, one thread, warm: `cargo bench --bench validate`, after
//! `proofmark package install hl7.fhir.r4.examples#4.0.1`.
//!
//! Reading alone, judging alone and both stand side by side, since only their ratio means the same on every
//! machine. Bundles of one to fifty megabytes show whether the cost grows with the size and no faster.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot be set up has nothing else to say, and its figures are its data"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use proofmark::fhir::{Release, Tree, parse};
use proofmark::package::{Package, PackageSet};
use proofmark::validate::{SchemaSet, Validator};

/// From how many bytes on a text is a giant: nine of the examples, which hold most of the bytes.
const GIANT: usize = 1_000_000;
/// How often each thing is done; the quickest counts.
const PASSES: usize = 5;
/// How long a measurement is at least; the system counts processor time in steps of some milliseconds.
const SHORTEST: Duration = Duration::from_millis(200);
/// The sizes of the Bundles, in megabytes.
const BUNDLES: [usize; 4] = [1, 5, 25, 50];

fn main() {
    let core = Package::core(Release::R4).expect("the base definitions are built in");
    let set = SchemaSet::new(Arc::new(PackageSet::new(Release::R4, vec![Arc::new(core)])));
    let validator = Validator::new(Arc::new(set));
    match examples() {
        None => println!("passed over: the package cache does not hold hl7.fhir.r4.examples#4.0.1"),
        Some(texts) => {
            println!("official examples of R4, files a second");
            let (small, giant): (Vec<_>, Vec<_>) = texts.into_iter().partition(|text| text.len() <= GIANT);
            let small = measure(&validator, &small);
            let giant = measure(&validator, &giant);
            small.print("up to 1 MB");
            giant.print("above 1 MB");
            small.and(&giant).print("all");
        }
    }
    println!("Bundles of Patients and Observations, nanoseconds a byte");
    for megabytes in BUNDLES {
        measure(&validator, &[bundle(megabytes * 1_000_000).into_bytes()]).print_bundle(megabytes);
    }
}

/// The texts of the official examples, if the cache holds them.
fn examples() -> Option<Vec<Vec<u8>>> {
    let cache = std::env::var_os("PROOFMARK_PACKAGE_CACHE").map(PathBuf::from);
    let cache = cache.or_else(|| Some(std::env::home_dir()?.join(".fhir/packages")))?;
    let files = std::fs::read_dir(cache.join("hl7.fhir.r4.examples#4.0.1/package")).ok()?;
    let names = files.filter_map(|file| Some(file.ok()?.path()));
    let mut names: Vec<PathBuf> =
        names.filter(|name| name.extension().is_some_and(|extension| extension == "json")).collect();
    names.retain(|name| {
        !matches!(name.file_name().and_then(|name| name.to_str()), Some("package.json" | ".index.json"))
    });
    names.sort();
    Some(names.iter().filter_map(|name| std::fs::read(name).ok()).collect())
}

/// What some texts cost.
struct Cost {
    files: usize,
    bytes: usize,
    findings: usize,
    parse: Duration,
    judge: Duration,
    both: Duration,
}

fn measure(validator: &Validator, texts: &[Vec<u8>]) -> Cost {
    let trees: Vec<Tree> = texts.iter().filter_map(|text| parse(text).ok()).collect();
    // The first pass compiles what the definitions say; it is not counted.
    let findings = trees.iter().map(|tree| validator.validate(tree, &[]).issues.len()).sum();
    let judge = quickest(|| trees.iter().for_each(|tree| drop(black_box(validator.validate(tree, &[])))));
    drop(trees);
    let parse_all = || texts.iter().for_each(|text| drop(black_box(parse(text))));
    let both = || {
        for tree in texts.iter().filter_map(|text| parse(text).ok()) {
            black_box(validator.validate(&tree, &[]));
        }
    };
    Cost {
        files: texts.len(),
        bytes: texts.iter().map(Vec::len).sum(),
        findings,
        parse: quickest(parse_all),
        judge,
        both: quickest(both),
    }
}

/// The shortest time of several passes. Each is repeated until the clock can tell it.
fn quickest(mut pass: impl FnMut()) -> Duration {
    let time = || {
        let start = Clock::now();
        let mut times = 0;
        while times == 0 || start.elapsed() < SHORTEST {
            pass();
            times += 1;
        }
        start.elapsed() / times
    };
    std::iter::repeat_with(time).take(PASSES).min().unwrap_or_default()
}

/// The time that this thread had a processor, where the system tells it (Linux); else the time that went by.
/// On a machine with other work the first says how fast the program is, the second how busy the machine.
enum Clock {
    Processor(Duration),
    Wall(Instant),
}

impl Clock {
    fn now() -> Self {
        processor_time().map_or_else(|| Self::Wall(Instant::now()), Self::Processor)
    }

    fn elapsed(&self) -> Duration {
        match self {
            Self::Processor(start) => processor_time().unwrap_or_default().saturating_sub(*start),
            Self::Wall(start) => start.elapsed(),
        }
    }
}

fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
impl Cost {
    fn and(&self, other: &Self) -> Self {
        Self {
            files: self.files + other.files,
            bytes: self.bytes + other.bytes,
            findings: self.findings + other.findings,
            parse: self.parse + other.parse,
            judge: self.judge + other.judge,
            both: self.both + other.both,
        }
    }

    fn print(&self, name: &str) {
        let rate = |time: Duration| self.files as f64 / time.as_secs_f64();
        println!(
            "  {name:<11} {:>5} files {:>6.1} MB {:>6} findings | parse {:>7.0}  judge {:>7.0}  both {:>7.0} | judge/parse {:.2}",
            self.files,
            self.bytes as f64 / 1e6,
            self.findings,
            rate(self.parse),
            rate(self.judge),
            rate(self.both),
            self.judge.as_secs_f64() / self.parse.as_secs_f64()
        );
    }

    fn print_bundle(&self, megabytes: usize) {
        let each = |time: Duration| time.as_nanos() as f64 / self.bytes as f64;
        println!(
            "  {megabytes:>2} MB {:>6} findings | parse {:>5.2}  judge {:>5.2}  both {:>5.2} | judge/parse {:.2}",
            self.findings,
            each(self.parse),
            each(self.judge),
            each(self.both),
            self.judge.as_secs_f64() / self.parse.as_secs_f64()
        );
    }
}

/// A Bundle of at least so many bytes: patients, each with a laboratory result. Always the same text.
fn bundle(bytes: usize) -> String {
    let mut entries = String::new();
    let mut number = 0;
    while entries.len() < bytes {
        let comma = if number == 0 { "" } else { "," };
        let day = number % 28 + 1;
        let _ = write!(
            entries,
            r#"{comma}{{"fullUrl":"https://example.org/fhir/Patient/{number}","resource":{{"resourceType":"Patient","id":"{number}","meta":{{"versionId":"1","lastUpdated":"2024-02-{day:02}T09:30:00.000Z"}},"text":{{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Patient <b>{number}</b> of this ward, seen in February &amp; March.</p></div>"}},"identifier":[{{"use":"official","system":"https://example.org/number","value":"99900{number:05}"}}],"active":true,"name":[{{"use":"official","family":"Ashcombe","given":["Robin","Elise"],"prefix":["Mx"]}}],"telecom":[{{"system":"phone","value":"01632 960{day:03}","use":"home"}}],"gender":"other","birthDate":"1974-03-{day:02}","address":[{{"line":["{number} Long Lane","Zoë’s Corner"],"city":"Little Example","postalCode":"ZZ99 {day}AB"}}],"generalPractitioner":[{{"reference":"Practitioner/1"}}]}},"search":{{"mode":"match"}}}},{{"fullUrl":"https://example.org/fhir/Observation/{number}","resource":{{"resourceType":"Observation","id":"{number}","text":{{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Sodium 1{day:02}.50 mmol/L</p></div>"}},"status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}}]}}],"code":{{"coding":[{{"system":"http://loinc.org","code":"2951-2","display":"Sodium [Moles/volume] in Serum or Plasma"}}],"text":"Sodium"}},"subject":{{"reference":"Patient/{number}"}},"effectiveDateTime":"2024-02-{day:02}T08:05:00+00:00","valueQuantity":{{"value":1{day:02}.50,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"}},"referenceRange":[{{"low":{{"value":133,"unit":"mmol/L"}},"high":{{"value":146,"unit":"mmol/L"}}}}]}}}}"#
        );
        number += 1;
    }
    format!(
        r#"{{"resourceType":"Bundle","id":"bench","type":"searchset","total":{number},"entry":[{entries}]}}"#
    )
}
