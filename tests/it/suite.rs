//! A suite, that of Care Connect unless another is named, within the test's own process, to be run many times.

use std::collections::BTreeMap;
use std::sync::Arc;

use proofmark::files::Folder;
use proofmark::package::{Package, PackageSet};
use proofmark::run::{Data, Inputs, Plan, RunRecord};
use proofmark::selfcheck;
use proofmark::standard::{Catalogue, Role, Standard};
use proofmark::supplier::{Fault, Fixtures, Store};
use proofmark::validate::{SchemaSet, Validator};

/// Records by logical name, then value by name, as proofmark.toml gives them.
pub(crate) type Configured = BTreeMap<String, BTreeMap<String, String>>;

fn folder(standard: &Standard) -> Folder {
    Folder::fixtures().folder(&standard.manifest.id).unwrap()
}

/// The reference supplier's files.
pub(crate) fn fixtures(standard: &Standard) -> Fixtures {
    Fixtures::load(&folder(standard), standard).unwrap()
}

/// The records, each after a change.
pub(crate) fn changed_store(standard: &Standard, change: impl Fn(&str, String) -> String) -> Store {
    let mut records = Vec::new();
    for folder in [folder(standard), standard.folder.folder("data").unwrap()] {
        for name in folder.files().unwrap().into_iter().filter(|name| !name.ends_with("yaml")) {
            let record = change(&name, folder.read_text(&name).unwrap());
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
    fixtures: Fixtures,
    data: Data,
}

impl Suite {
    pub(crate) fn load() -> Self {
        Self::of("careconnect")
    }

    /// The suite of a standard that is built in.
    pub(crate) fn of(id: &str) -> Self {
        let standard = Catalogue::new(Vec::new()).load(id).unwrap();
        let package = Package::from_folder(id, &standard.folder.folder("package").unwrap()).unwrap();
        let core = Package::core(standard.release).unwrap();
        let packages = PackageSet::new(standard.release, vec![Arc::new(package), Arc::new(core)]);
        let schemas = Arc::new(SchemaSet::new(Arc::new(packages)));
        let validator = Validator::new(Arc::clone(&schemas));
        let fixtures = fixtures(&standard);
        let data = Data::resolve(&standard, &fixtures.configuration.data, "test", &schemas).unwrap();
        Self { standard: Arc::new(standard), schemas, validator, fixtures, data }
    }

    /// The suite with records of the supplier's own for some of its data.
    pub(crate) fn with_data(mut self, configured: &Configured) -> Self {
        self.data = Data::resolve(&self.standard, configured, "test", self.validator.schemas()).unwrap();
        self
    }

    /// Runs against the reference supplier, with a fault if one is given.
    pub(crate) async fn run(&self, fault: Option<Fault>) -> RunRecord {
        self.selfcheck().play(fault.map(|fault| fault.alteration())).await.unwrap()
    }

    /// Runs against a supplier of other records.
    pub(crate) async fn run_against(&self, store: Store, fault: Option<Fault>) -> RunRecord {
        let mut suite = self.selfcheck();
        suite.fixtures.store = store;
        suite.play(fault.map(|fault| fault.alteration())).await.unwrap()
    }

    /// The suite as a selfcheck plays it.
    pub(crate) fn selfcheck(&self) -> selfcheck::Suite {
        let inputs = Inputs::begin(self.data.clone()).unwrap();
        selfcheck::Suite {
            plan: Plan::new(Arc::clone(&self.standard), Role::Server, inputs),
            validator: self.validator.clone(),
            fixtures: self.fixtures.clone(),
            definitions: Arc::clone(&self.schemas) as _,
        }
    }
}
