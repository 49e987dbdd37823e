//! A `.tgz` as the package ecosystem makes it, read in memory and bounded: nothing is written to disk,
//! no path is followed, no link is resolved.

use std::io::Read as _;
use std::path::Path;

use super::Error;

/// How many entries an archive may hold.
const MAX_ENTRIES: usize = 50_000;
/// How large one entry may be, in bytes.
const MAX_ENTRY_BYTES: u64 = 64 << 20;
/// How large all entries together may be, in bytes.
const MAX_TOTAL_BYTES: u64 = 1 << 30;

/// The files directly in the folder `package/`, with their bytes.
pub(super) fn read(package: &str, compressed: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let unusable = |message: String| Error::Unusable { package: package.to_owned(), message };
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(compressed));
    let entries =
        archive.entries().map_err(|error| unusable(format!("not a gzipped tar archive: {error}")))?;
    let mut files = Vec::new();
    let mut total = 0;
    for (count, entry) in entries.enumerate() {
        if count >= MAX_ENTRIES {
            return Err(unusable(format!("more than {MAX_ENTRIES} entries")));
        }
        let entry = entry.map_err(|error| unusable(format!("not a gzipped tar archive: {error}")))?;
        let size = entry.size();
        total += size;
        if size > MAX_ENTRY_BYTES || total > MAX_TOTAL_BYTES {
            return Err(unusable(format!(
                "it unpacks to more than {} MB in one file or {} MB in all",
                MAX_ENTRY_BYTES >> 20,
                MAX_TOTAL_BYTES >> 20
            )));
        }
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let Some(name) = entry.path().ok().and_then(|path| file_of_package(&path)) else { continue };
        let mut bytes = Vec::new();
        entry
            .take(MAX_ENTRY_BYTES)
            .read_to_end(&mut bytes)
            .map_err(|error| unusable(format!("{name}: {error}")))?;
        files.push((name, bytes));
    }
    Ok(files)
}

/// The file name, if the path is exactly `package/NAME`.
fn file_of_package(path: &Path) -> Option<String> {
    let mut parts = path.components();
    let folder = parts.next()?.as_os_str();
    let name = parts.next()?.as_os_str().to_str()?;
    (folder == "package" && parts.next().is_none()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_package_folder_count() {
        assert_eq!(file_of_package(Path::new("package/a.json")).as_deref(), Some("a.json"));
        for path in ["a.json", "package/example/a.json", "../package/a.json", "/package/a.json"] {
            assert_eq!(file_of_package(Path::new(path)), None, "{path}");
        }
    }

    #[test]
    fn what_is_no_archive_says_so() {
        let error = read("x.tgz", b"<html>").unwrap_err().to_string();
        assert!(error.starts_with("x.tgz: not a gzipped tar archive"), "{error}");
    }
}
