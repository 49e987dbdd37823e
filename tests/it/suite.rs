//! The Care Connect suite within the test's own process, to be run many times.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use proofmark::files::Folder;
use proofmark::http::{Client, ClientOptions, Headers};
use proofmark::package::{Package, PackageSet};
use proofmark::run::{Base, Data, Inputs, Plan, Run, RunRecord};
use proofmark::standard::{Catalogue, Role, Standard};
use proofmark::supplier::{Configuration, Fault, Options, Store, Supplier};
use proofmark::validate::{SchemaSet, Validator};

/// Records by logical name, then value by name, as proofmark.toml gives them.
pub(crate) type Configured = BTreeMap<String, BTreeMap<String, String>>;

pub(crate) fn text(folder: &Folder, name: &str) -> String {
    folder.read_text(name).unwrap()
}

pub(crate) fn fixtures() -> Folder {
    Folder::fixtures().folder("careconnect").unwrap()
}

fn store(standard: &Standard) -> Store {
    changed_store(standard, |_, record| record)
}

/// The records, each after a change.
pub(crate) fn changed_store(standard: &Standard, change: impl Fn(&str, String) -> String) -> Store {
    let mut records = Vec::new();
    for folder in [fixtures(), standard.folder.folder("data").unwrap()] {
        for name in folder.files().unwrap().into_iter().filter(|name| !name.ends_with("yaml")) {
            let record = change(&name, text(&folder, &name));
            records.push((name, record));
        }
    }
    Store::load(records.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap()
}

/// The suite with all that it needs, to be run many times.
pub(crate) struct Suite {
    pub(crate) standard: Arc<Standard>,
    schemas: Arc<SchemaSet>,
    validator: Validator,
    data: Data,
}

impl Suite {
    pub(crate) fn load() -> Self {
        let standard = Catalogue::new(Vec::new()).load("careconnect").unwrap();
        let package =
            Package::from_folder("careconnect", &standard.folder.folder("package").unwrap()).unwrap();
        let core = Package::core(standard.release).unwrap();
        let packages = PackageSet::new(standard.release, vec![Arc::new(package), Arc::new(core)]);
        let schemas = Arc::new(SchemaSet::new(Arc::new(packages)));
        let validator = Validator::new(Arc::clone(&schemas));
        let deleted = BTreeMap::from([(
            "deleted-patient".to_owned(),
            BTreeMap::from([("id".to_owned(), "patient-deleted".to_owned())]),
        )]);
        let data = Data::resolve(&standard, &deleted, "test", validator.schemas()).unwrap();
        Self { standard: Arc::new(standard), schemas, validator, data }
    }

    /// The suite with records of the supplier's own for some of its data.
    pub(crate) fn with_data(mut self, configured: &Configured) -> Self {
        self.data = Data::resolve(&self.standard, configured, "test", self.validator.schemas()).unwrap();
        self
    }

    /// Runs against the reference supplier, with a fault if one is given.
    pub(crate) async fn run(&self, fault: Option<Fault>) -> RunRecord {
        self.run_against(store(&self.standard), fault).await
    }

    /// Runs against a supplier of other records.
    pub(crate) async fn run_against(&self, store: Store, fault: Option<Fault>) -> RunRecord {
        let options = Options {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            store,
            configuration: Configuration::load("supplier.yaml", &text(&fixtures(), "supplier.yaml")).unwrap(),
            definitions: Arc::clone(&self.schemas) as _,
            fault,
            latency: None,
        };
        let supplier = Supplier::start(options).await.unwrap();
        let run = Run {
            plan: Plan::new(
                Arc::clone(&self.standard),
                Role::Server,
                Inputs::begin(self.data.clone()).unwrap(),
            ),
            base: Base::parse(&supplier.base_url(), Headers::default()).unwrap(),
            client: Client::new(ClientOptions::default()).unwrap(),
            validator: self.validator.clone(),
            jobs: 8,
            supplier: None,
            data: proofmark::run::DataPreparation::AsGiven,
            prepared: Vec::new(),
            resumed: None,
            interrupted: tokio::sync::watch::channel(false).1,
        };
        let record = run.execute(&mut []).await.unwrap();
        supplier.stop().await;
        record
    }
}
