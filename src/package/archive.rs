//! A `.tgz` as the package ecosystem makes it, read entry by entry. It is hostile until shown otherwise:
//! sizes, counts and the ratio of compression are bounded, and an entry that would leave its folder, or
//! that is a link or a device, spoils the whole archive. No package has such.

use std::io::Read;
use std::path::{Component, Path};

use super::Error;
use super::reference::is_reserved;

/// How many entries an archive may hold.
const MAX_ENTRIES: usize = 100_000;
/// How large one entry may be, in bytes.
const MAX_ENTRY_BYTES: u64 = 64 << 20;
/// How large all entries together may be, in bytes.
const MAX_TOTAL_BYTES: u64 = 1 << 30;
/// How many times larger than the archive its content may be; real packages reach some twenty times.
const MAX_RATIO: u64 = 100;
/// What a small archive may unpack to whatever the ratio, in bytes.
const ALWAYS_ALLOWED: u64 = 16 << 20;
/// How deep folders may nest, and how long a path may be, in bytes.
const MAX_DEPTH: usize = 16;
const MAX_PATH: usize = 512;

/// Gives each file of an archive, its path with forward slashes, to `take`.
pub(super) fn read(
    label: &str,
    compressed: &[u8],
    mut take: impl FnMut(&str, &[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    let unusable = |message: String| Error::Unusable { package: label.to_owned(), message };
    let malformed = |error: &std::io::Error| unusable(format!("not a gzipped tar archive: {error}"));
    let allowed = (compressed.len() as u64).saturating_mul(MAX_RATIO).clamp(ALWAYS_ALLOWED, MAX_TOTAL_BYTES);
    // One byte more than allowed is readable, so that the end of the bound is not taken for the end of the
    // archive.
    let unpacked = flate2::read::GzDecoder::new(compressed).take(allowed + 1);
    let mut archive = tar::Archive::new(unpacked);
    let too_large = || {
        unusable(format!(
            "it unpacks to more than {} MB in one file or {} MB in all, or to more than {MAX_RATIO} times its size",
            MAX_ENTRY_BYTES >> 20,
            MAX_TOTAL_BYTES >> 20
        ))
    };
    let mut total = 0_u64;
    for (count, entry) in archive.entries().map_err(|error| malformed(&error))?.enumerate() {
        let mut entry = entry.map_err(|error| malformed(&error))?;
        if count >= MAX_ENTRIES {
            return Err(unusable(format!("more than {MAX_ENTRIES} entries")));
        }
        let size = entry.size();
        total = total.saturating_add(size);
        if size > MAX_ENTRY_BYTES || total > allowed {
            return Err(too_large());
        }
        let path = entry.path_bytes().into_owned();
        let kind = entry.header().entry_type();
        if kind.is_pax_global_extensions() {
            continue;
        }
        let path = safe_path(&path).map_err(&unusable)?;
        if kind.is_dir() {
            continue;
        }
        if !kind.is_file() {
            return Err(unusable(format!("{path} is a link or a device, and not a file")));
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(|error| unusable(format!("{path}: {error}")))?;
        if bytes.len() as u64 != size {
            return Err(unusable(format!("{path}: the archive ends in the middle of it")));
        }
        take(&path, &bytes)?;
    }
    Ok(())
}

/// A path that stays in its folder, on every system.
fn safe_path(bytes: &[u8]) -> Result<String, String> {
    let shown = || String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_PATH)]).escape_debug().to_string();
    let path = std::str::from_utf8(bytes).map_err(|_| format!("a path that is not UTF-8: {}", shown()))?;
    let mut parts = Vec::new();
    for part in Path::new(path).components() {
        match part {
            Component::CurDir => {}
            Component::Normal(part) => parts.push(part.to_str().unwrap_or_default()),
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(format!("a path that leaves the folder of the package: {}", shown()));
            }
        }
    }
    if path.len() > MAX_PATH || parts.len() > MAX_DEPTH {
        return Err(format!("a path that is too long or too deep: {}", shown()));
    }
    let is_portable = |part: &&str| {
        let stem = part.split('.').next().unwrap_or_default();
        !part.contains(|letter: char| letter.is_control() || "\\:*?\"<>|".contains(letter))
            && !part.ends_with(['.', ' '])
            && !is_reserved(stem)
    };
    if !parts.iter().all(is_portable) {
        return Err(format!("a path that not every system has: {}", shown()));
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::*;

    /// An archive with entries of any kind, path and content; paths are written as they are.
    pub(in crate::package) fn archive(entries: &[(tar::EntryType, &str, &[u8])]) -> Vec<u8> {
        let mut tar = Vec::new();
        for (kind, path, content) in entries {
            let mut header = tar::Header::new_gnu();
            header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
            header.set_entry_type(*kind);
            header.set_mode(0o6777);
            header.set_size(content.len() as u64);
            if kind.is_symlink() || kind.is_hard_link() {
                header.set_link_name("/etc/passwd").unwrap();
            }
            header.set_cksum();
            tar.extend_from_slice(header.as_bytes());
            tar.extend_from_slice(content);
            tar.resize(tar.len().next_multiple_of(512), 0);
        }
        tar.resize(tar.len() + 1024, 0);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&tar).unwrap();
        gzip.finish().unwrap()
    }

    fn paths(bytes: &[u8]) -> Result<Vec<String>, String> {
        let mut paths = Vec::new();
        let result = read("x.tgz", bytes, |path, _| {
            paths.push(path.to_owned());
            Ok(())
        });
        result.map(|()| paths).map_err(|error| error.to_string())
    }

    const FILE: tar::EntryType = tar::EntryType::Regular;

    #[test]
    fn files_are_read_and_folders_passed_over() {
        let bytes = archive(&[
            (tar::EntryType::Directory, "package/", b""),
            (FILE, "package/package.json", b"{}"),
            (FILE, "./package/example/a.json", b"{}"),
        ]);
        assert_eq!(paths(&bytes).unwrap(), ["package/package.json", "package/example/a.json"]);
    }

    #[test]
    fn what_leaves_the_folder_spoils_the_archive() {
        for path in
            ["../a", "package/../../a", "/etc/a", "package/a\\..\\b", "package/C:a", "package/nul.json"]
        {
            let error = paths(&archive(&[(FILE, path, b"{}")])).unwrap_err();
            assert!(error.contains("a path that"), "{path}: {error}");
        }
    }

    #[test]
    fn links_and_devices_spoil_the_archive() {
        for kind in [
            tar::EntryType::Symlink,
            tar::EntryType::Link,
            tar::EntryType::Char,
            tar::EntryType::Block,
            tar::EntryType::Fifo,
        ] {
            let error = paths(&archive(&[(kind, "package/a", b"")])).unwrap_err();
            assert!(error.contains("package/a is a link or a device"), "{kind:?}: {error}");
        }
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let zeros = vec![0; 30 << 20];
        let files = [(FILE, "package/a.json", zeros.as_slice()), (FILE, "package/b.json", zeros.as_slice())];
        let error = paths(&archive(&files)).unwrap_err();
        assert!(error.contains("more than 100 times its size"), "{error}");
    }

    #[test]
    fn what_is_no_archive_says_so() {
        let error = paths(b"<html>").unwrap_err();
        assert!(error.starts_with("x.tgz: not a gzipped tar archive"), "{error}");
        let whole = archive(&[(FILE, "package/a.json", &[7; 5000])]);
        assert!(paths(&whole[..whole.len() / 2]).is_err());
    }

    proptest! {
        #[test]
        fn a_spoilt_archive_is_read_or_refused(
            changes in proptest::collection::vec((prop_oneof![0usize..512, 1024usize..1536], any::<u8>()), 1..8),
        ) {
            let mut tar = Vec::new();
            flate2::read::GzDecoder::new(
                archive(&[(FILE, "package/package.json", b"{}"), (FILE, "package/a", &[9; 600])]).as_slice(),
            )
            .read_to_end(&mut tar)
            .unwrap();
            for (place, byte) in changes {
                let place = place % tar.len();
                tar[place] = byte;
            }
            // The sums of the headers are mended, or a change would rarely be looked at.
            for start in [0, 1024] {
                tar[start + 148..start + 156].fill(b' ');
                let sum: u32 = tar[start..start + 512].iter().map(|byte| u32::from(*byte)).sum();
                tar[start + 148..start + 156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
            }
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            gzip.write_all(&tar).unwrap();
            if let Ok(paths) = paths(&gzip.finish().unwrap()) {
                // A name may hold two dots; only as a whole part do they lead out.
                prop_assert!(paths.iter().all(|path| !path.starts_with('/') && path.split('/').all(|part| part != "..")));
            }
        }
    }
}
