//! The suite's proof of worth: each fault of the reference supplier makes exactly the requirements fail
//! that it breaks, and no others.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use proofmark::check::Outcome;
use proofmark::files::Folder;
use proofmark::http::{Client, Headers, Limits};
use proofmark::package::{Package, PackageSet};
use proofmark::run::{Base, Data, Plan, Run, RunRecord};
use proofmark::standard::{Catalogue, Role, Standard};
use proofmark::supplier::{Configuration, Fault, Options, Store, Supplier};
use proofmark::validate::{SchemaSet, Validator};

fn text(folder: &Folder, name: &str) -> String {
    folder.read_text(name).unwrap()
}

fn fixtures() -> Folder {
    Folder::fixtures().folder("careconnect").unwrap()
}

fn faults() -> Vec<Fault> {
    Fault::load("faults.yaml", &text(&fixtures(), "faults.yaml")).unwrap()
}

fn store(standard: &Standard) -> Store {
    let mut records = Vec::new();
    for folder in [fixtures(), standard.folder.folder("data").unwrap()] {
        for name in folder.files().unwrap().into_iter().filter(|name| !name.ends_with("yaml")) {
            let record = text(&folder, &name);
            records.push((name, record));
        }
    }
    Store::load(records.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap()
}

/// The suite with all that it needs, to be run many times.
struct Suite {
    standard: Arc<Standard>,
    validator: Validator,
    data: Data,
}

impl Suite {
    fn load() -> Self {
        let standard = Catalogue::new(Vec::new()).load("careconnect").unwrap();
        let package =
            Package::from_folder("careconnect", &standard.folder.folder("package").unwrap()).unwrap();
        let core = Package::core(standard.release).unwrap();
        let packages = PackageSet::new(standard.release, vec![Arc::new(package), Arc::new(core)]);
        let validator = Validator::new(Arc::new(SchemaSet::new(Arc::new(packages))));
        let deleted = BTreeMap::from([(
            "deleted-patient".to_owned(),
            BTreeMap::from([("id".to_owned(), "patient-deleted".to_owned())]),
        )]);
        let data = Data::resolve(&standard, &deleted, "test", validator.schemas()).unwrap();
        Self { standard: Arc::new(standard), validator, data }
    }

    async fn run(&self, fault: Option<Fault>) -> RunRecord {
        let options = Options {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            store: store(&self.standard),
            configuration: Configuration::load("supplier.yaml", &text(&fixtures(), "supplier.yaml")).unwrap(),
            fault,
            latency: None,
        };
        let supplier = Supplier::start(options).await.unwrap();
        let run = Run {
            plan: Plan::new(Arc::clone(&self.standard), Role::Server, self.data.clone()),
            base: Base::parse(&supplier.base_url(), Headers::default()).unwrap(),
            client: Client::new(Limits::default()).unwrap(),
            validator: self.validator.clone(),
            jobs: 8,
            supplier: None,
            interrupted: tokio::sync::watch::channel(false).1,
        };
        let record = run.execute(&mut []).await.unwrap();
        supplier.stop().await;
        record
    }
}

fn failed(record: &RunRecord) -> BTreeSet<String> {
    let requirements = record.requirements.iter().filter(|requirement| requirement.outcome == Outcome::Fail);
    requirements.map(|requirement| requirement.id.clone()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_fails_what_it_breaks_and_nothing_else() {
    let suite = Suite::load();
    let record = suite.run(None).await;
    assert_eq!(failed(&record), BTreeSet::new(), "the reference supplier is conformant");
    let faults = faults();
    assert!(faults.len() >= 10, "{}", faults.len());
    let mut wrong = Vec::new();
    for fault in faults {
        let name = fault.name.clone();
        let breaks: BTreeSet<String> = fault.breaks.iter().cloned().collect();
        let found = failed(&suite.run(Some(fault)).await);
        if found != breaks {
            wrong.push(format!("{name}: should fail {breaks:?}, failed {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_automated_requirement_is_shown_by_the_reference_supplier() {
    let record = Suite::load().run(None).await;
    let open: Vec<String> = record
        .requirements
        .iter()
        .filter(|requirement| requirement.method == proofmark::standard::Method::Automated)
        .filter(|requirement| requirement.outcome != Outcome::Pass)
        .map(|requirement| format!("{} {}: {:?}", requirement.id, requirement.outcome, requirement.reason))
        .collect();
    assert!(open.is_empty(), "{}", open.join("\n"));
}
