//! An empty folder to run the program in.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of its own, with nothing of the project in it.
pub(crate) struct Workspace {
    folder: tempfile::TempDir,
}

/// What a command printed and how it ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    /// The program with arguments, in this folder, with none of the caller's settings.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proofmark"));
        // Nothing is read from, or written to, the home folder of whoever runs the tests.
        command.args(arguments).current_dir(self.folder.path()).env("HOME", self.folder.path());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PROOFMARK_")) {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(arguments).output().unwrap())
    }
}

impl Ended {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A folder of the project.
pub(crate) fn project(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Reference material beside the project, which a bare clone does not have.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = project("../shared").join(name);
    if path.exists() {
        return Some(path);
    }
    skipped(&format!("{} is not there", path.display()));
    None
}

/// Says why a test is passed over.
#[expect(clippy::print_stdout, reason = "a test that is passed over says so")]
pub(crate) fn skipped(why: &str) {
    println!("skipped: {why}");
}

/// The folder of a published package in the cache that FHIR tools share, where it is installed.
pub(crate) fn cached_package(id: &str) -> Option<PathBuf> {
    let cache = std::env::var_os("PROOFMARK_PACKAGE_CACHE").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".fhir/packages")))?;
    let folder = cache.join(id).join("package");
    if folder.is_dir() {
        return Some(folder);
    }
    skipped(&format!("{id} is not in the package cache"));
    None
}

/// The files of resources in a folder and below it, in order; a package's own files are none.
pub(crate) fn resources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let own = matches!(&*name, "package.json" | ".index.json" | "manifest.json");
        if path.is_dir() {
            found.append(&mut resources(&path));
        } else if !own && path.extension().is_some_and(|extension| extension == "json" || extension == "xml")
        {
            found.push(path);
        }
    }
    found.sort();
    found
}
