//! Which profile of the older version is which of the newer.

use super::MatchedBy;
use crate::profile::difference::ProfileIdentity;

/// A profile with its partner, or without one.
pub(super) struct Pair<'p> {
    pub(super) older: Option<&'p ProfileIdentity>,
    pub(super) newer: Option<&'p ProfileIdentity>,
    pub(super) by: Option<MatchedBy>,
}

/// Pairs by URL; what is left by type and name where that leaves no doubt, and where each version holds
/// one profile only, these two. Ordered by URL.
pub(super) fn pairs<'p>(older: &'p [ProfileIdentity], newer: &'p [ProfileIdentity]) -> Vec<Pair<'p>> {
    let mut pairs = Vec::new();
    if let ([old], [new]) = (older, newer) {
        let by = if old.url == new.url { MatchedBy::Url } else { MatchedBy::Only };
        pairs.push(Pair { older: Some(old), newer: Some(new), by: Some(by) });
        return pairs;
    }
    let same_url = |list: &'p [ProfileIdentity], url: &str| list.iter().find(|found| found.url == url);
    let old_left: Vec<&ProfileIdentity> =
        older.iter().filter(|old| same_url(newer, &old.url).is_none()).collect();
    let new_left: Vec<&ProfileIdentity> =
        newer.iter().filter(|new| same_url(older, &new.url).is_none()).collect();
    for new in newer {
        if let Some(old) = same_url(older, &new.url) {
            pairs.push(Pair { older: Some(old), newer: Some(new), by: Some(MatchedBy::Url) });
        } else if let Some(old) = named_alike(new, &old_left, &new_left) {
            pairs.push(Pair { older: Some(old), newer: Some(new), by: Some(MatchedBy::Name) });
        } else {
            pairs.push(Pair { older: None, newer: Some(new), by: None });
        }
    }
    for old in old_left {
        if !pairs.iter().any(|pair| pair.older == Some(old)) {
            pairs.push(Pair { older: Some(old), newer: None, by: None });
        }
    }
    pairs.sort_by_key(|pair| pair.newer.or(pair.older).map(|profile| &profile.url));
    pairs
}

fn named_alike<'p>(
    new: &ProfileIdentity,
    olds: &[&'p ProfileIdentity],
    news: &[&ProfileIdentity],
) -> Option<&'p ProfileIdentity> {
    let mut found = olds.iter().copied().filter(|old| name(old) == name(new));
    let only = found.next().filter(|_| found.next().is_none());
    only.filter(|_| news.iter().filter(|other| name(other) == name(new)).count() == 1)
}

/// The type, and the last part of the URL without the number of a version (`-1`).
fn name(profile: &ProfileIdentity) -> (&str, String) {
    let tail = profile.url.rsplit('/').next().unwrap_or_default();
    let tail = match tail.rsplit_once('-') {
        Some((stem, number)) if number.chars().all(|digit| digit.is_ascii_digit()) => stem,
        _ => tail,
    };
    (&profile.type_name, tail.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(url: &str, type_name: &str) -> ProfileIdentity {
        ProfileIdentity { url: url.to_owned(), version: None, type_name: type_name.to_owned(), base: None }
    }

    #[test]
    fn a_new_address_is_followed_only_where_there_is_no_doubt() {
        let older = [profile("http://a/P-1", "Patient"), profile("http://a/Same", "Patient")];
        let newer = [profile("http://b/p-2", "Patient"), profile("http://a/Same", "Patient")];
        let by = |older: &[ProfileIdentity], newer: &[ProfileIdentity]| -> Vec<Option<MatchedBy>> {
            pairs(older, newer).iter().map(|pair| pair.by).collect()
        };
        assert_eq!(by(&older, &newer), [Some(MatchedBy::Url), Some(MatchedBy::Name)]);
        let two = [profile("http://b/P-1", "Patient"), profile("http://c/P-1", "Patient")];
        assert_eq!(by(&older, &two), [None, None, None, None]);
        let other_type = [profile("http://b/P-1", "Person"), profile("http://c/X", "Patient")];
        assert_eq!(by(&older, &other_type), [None, None, None, None]);
    }

    #[test]
    fn two_single_profiles_are_compared_whatever_they_are_called() {
        let (older, newer) = ([profile("http://a/P", "Patient")], [profile("http://b/Q", "Patient")]);
        assert_eq!(pairs(&older, &newer)[0].by, Some(MatchedBy::Only));
    }
}
