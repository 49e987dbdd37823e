//! Checking a register: every way in which its history can be tampered with, and what time does to it.

use std::path::PathBuf;

use super::shelf::{About, Shelf};

const DAY: &str = "2026-11-20";

/// A register with three entries and five events, built.
fn five() -> Shelf {
    let shelf = Shelf::new();
    for (version, day) in [("1", "2026-02-01"), ("2", "2026-02-02"), ("3", "2026-02-03")] {
        shelf.listed(&About { version, product: "Records", ..About::default() }, day);
    }
    shelf.happens("suspended", "cert-1", "2026-02-04");
    shelf.happens("reinstated", "cert-1", "2026-02-05");
    shelf.build(DAY);
    assert_eq!(shelf.check(DAY, &[]).0, 0, "{:?}", shelf.findings(DAY, "error"));
    shelf
}

fn event(shelf: &Shelf, number: u32) -> PathBuf {
    shelf.workspace.path(&format!("reg/events/{number:08}.json"))
}

/// What is found once the register was tampered with; nothing is added to, and nothing is built from it.
fn tampered(shelf: &Shelf) -> String {
    assert_eq!(shelf.check(DAY, &[]).0, 1);
    let found = shelf.findings(DAY, "error").join("\n");
    let (_, file) = shelf.certificate(&About { version: "9", ..About::default() });
    assert!(shelf.refused(&[&file]).contains("does not hold"), "{found}");
    assert_eq!(shelf.run(&["register", "build", "reg"]).code, 2);
    found
}

#[test]
fn an_edited_event_is_named() {
    for number in 1..=5 {
        let shelf = five();
        let text = std::fs::read_to_string(event(&shelf, number)).unwrap();
        std::fs::write(event(&shelf, number), text.replace("Example Health", "Someone Else")).unwrap();
        let found = tampered(&shelf);
        let expected = format!("history: events/{number:08}.json: it was changed");
        assert!(found.contains(&expected), "{expected}\n{found}");
    }
}

#[test]
fn a_byte_that_means_nothing_is_found_too() {
    let shelf = five();
    let text = std::fs::read_to_string(event(&shelf, 2)).unwrap();
    std::fs::write(event(&shelf, 2), format!("{text}\n")).unwrap();
    let found = tampered(&shelf);
    assert!(found.contains("events/00000002.json: it is not written as events are"), "{found}");
}

#[test]
fn a_removed_event_is_named() {
    for number in 1..=5 {
        let shelf = five();
        std::fs::remove_file(event(&shelf, number)).unwrap();
        let found = tampered(&shelf);
        let expected = format!("history: events/{number:08}.json: this event was removed");
        let at_end = format!(
            "history: events/{number:08}.json: the events from here to events/{number:08}.json were removed"
        );
        assert!(found.contains(&expected) || (number == 5 && found.contains(&at_end)), "{number}\n{found}");
    }
}

#[test]
fn reordered_events_are_named() {
    let shelf = five();
    let (two, three) = (event(&shelf, 2), event(&shelf, 3));
    let aside = shelf.workspace.path("aside");
    std::fs::rename(&two, &aside).unwrap();
    std::fs::rename(&three, &two).unwrap();
    std::fs::rename(&aside, &three).unwrap();
    let found = tampered(&shelf);
    assert!(found.contains("events/00000002.json: it holds event 3"), "{found}");
    assert!(found.contains("events/00000003.json: it holds event 2"), "{found}");
}

#[test]
fn an_inserted_event_is_named() {
    // Between others, and behind the last.
    let shelf = five();
    let number = |text: String, from: u32, to: u32| {
        text.replace(&format!("\"number\": {from}"), &format!("\"number\": {to}"))
    };
    for from in (3..=5).rev() {
        let text = std::fs::read_to_string(event(&shelf, from)).unwrap();
        std::fs::write(event(&shelf, from + 1), number(text, from, from + 1)).unwrap();
    }
    let found = tampered(&shelf);
    assert!(found.contains("events/00000004.json"), "{found}");

    let shelf = five();
    let last = std::fs::read_to_string(event(&shelf, 5)).unwrap();
    std::fs::write(event(&shelf, 6), number(last.clone(), 5, 6)).unwrap();
    std::fs::write(event(&shelf, 7), number(last, 5, 7)).unwrap();
    let found = tampered(&shelf);
    assert!(found.contains("history: events/00000006.json"), "{found}");
}

#[test]
fn what_was_noted_earlier_has_to_be_there_still() {
    let shelf = five();
    let (_, found) = shelf.check(DAY, &[]);
    let head = found["head"]["sha256"].as_str().unwrap().to_owned();
    shelf.happens("suspended", "cert-1", "2026-02-06");
    assert_eq!(shelf.check(DAY, &["--head", &head]).0, 0);
    // The last two events and all that knows of them go: only who noted the digest can tell.
    std::fs::remove_file(event(&shelf, 6)).unwrap();
    std::fs::remove_file(event(&shelf, 5)).unwrap();
    std::fs::remove_file(shelf.workspace.path("reg/register.json")).unwrap();
    let four = std::fs::read(event(&shelf, 4)).unwrap();
    let sha256 = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&four));
    shelf
        .workspace
        .write("reg/head.json", &format!("{{\n  \"events\": 4,\n  \"sha256\": \"{sha256}\"\n}}\n"));
    assert_eq!(shelf.check(DAY, &[]).0, 0);
    let (code, found) = shelf.check(DAY, &["--head", &head]);
    assert!(code == 1 && found.to_string().contains("that was noted earlier"), "{found}");
}

#[test]
fn an_addition_that_was_cut_short_is_said_and_gone_on_from() {
    let shelf = five();
    let head = shelf.workspace.read("reg/head.json");
    shelf.happens("suspended", "cert-1", "2026-02-06");
    shelf.workspace.write("reg/head.json", &head);
    let found = shelf.findings(DAY, "error").join("\n");
    assert!(found.contains("events/00000006.json: head.json does not know of it"), "{found}");
    shelf.happens("reinstated", "cert-1", "2026-02-07");
    shelf.build(DAY);
    assert_eq!(shelf.check(DAY, &[]).0, 0);
}

#[test]
fn a_swapped_certificate_is_named() {
    let shelf = five();
    let folder = shelf.workspace.path("reg/certificates");
    let files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    std::fs::copy(&files[0], &files[1]).unwrap();
    let found = tampered(&shelf);
    assert!(found.contains("is not the certificate that was listed"), "{found}");
    std::fs::remove_file(&files[0]).unwrap();
    assert!(tampered(&shelf).contains("cannot be read"));
}

#[test]
fn a_page_that_somebody_changed_is_named() {
    let shelf = five();
    let page = shelf.workspace.read("reg/index.html");
    shelf.workspace.write("reg/index.html", &page.replace("suspended", "excellent"));
    shelf.workspace.write("reg/products/extra.html", "<p>listed, honestly</p>");
    std::fs::remove_file(shelf.workspace.path("reg/register.csv")).unwrap();
    let found = shelf.findings(DAY, "error");
    assert_eq!(
        found,
        [
            "pages: index.html: it is not what the register gives",
            "pages: products/extra.html: it is no page of the register",
            "pages: register.csv: it is missing"
        ]
    );
}

#[test]
fn what_add_would_refuse_is_no_history() {
    let forged = |change: &dyn Fn(String) -> String| {
        let shelf = Shelf::new();
        let (_, file) = shelf.certificate(&About { verdict: "not-conformant", ..About::default() });
        shelf.added(&[&file, "--consent", "yes", "--at", "2026-02-01T00:00:00Z"]);
        let text = change(std::fs::read_to_string(event(&shelf, 1)).unwrap());
        std::fs::write(event(&shelf, 1), &text).unwrap();
        let sha256 = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&text));
        shelf.workspace.write("reg/head.json", &format!("{{ \"events\": 1, \"sha256\": \"{sha256}\" }}"));
        shelf.findings(DAY, "error").join("\n")
    };
    assert_eq!(forged(&|text| text), "");
    let found = forged(&|text| text.replace(",\n  \"consent\": \"yes\"", ""));
    assert!(found.contains("was published without the supplier's consent"), "{found}");
    let found = forged(&|text| text.replace("\"at\": \"2026", "\"at\": \"9\u{661}26"));
    assert!(found.contains("is no moment as events write it"), "{found}");
    let found = forged(&|text| text.replace("self-declared", "certified"));
    assert!(found.contains("says that it is certified, and it is self-declared"), "{found}");
    let found = forged(&|text| text.replace("\"kind\": \"issued\"", "\"kind\": \"renewed\""));
    assert!(found.contains("there is no entry cert-1 before it"), "{found}");
}

#[test]
fn pages_that_are_behind_are_said_to_be() {
    let shelf = five();
    assert!(shelf.findings("2027-01-01", "warning").join("\n").contains("3 entries expired since"));
    shelf.happens("suspended", "cert-1", "2026-02-06");
    let found = shelf.findings(DAY, "warning").join("\n");
    assert!(found.contains("the pages know the events up to 5, and there are 6"), "{found}");
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_the_register() {
    let shelf = five();
    shelf.workspace.write("outside.txt", "mine");
    let index = shelf.workspace.path("reg/index.html");
    std::fs::remove_file(&index).unwrap();
    std::os::unix::fs::symlink(shelf.workspace.path("outside.txt"), &index).unwrap();
    let ended = shelf.run(&["register", "build", "reg", "--at", DAY]);
    assert!(ended.code == 2 && ended.stderr.contains("it is a link"), "{}", ended.stderr);
    assert_eq!(shelf.workspace.read("outside.txt"), "mine");
}

#[test]
fn time_is_told() {
    let shelf = Shelf::new();
    let standard = |version: &str, lifecycle: &str| {
        crate::tiny::standard(&shelf.workspace, version, &crate::tiny::requirement("T-1"), "");
        let file = format!("more/tiny/{version}/standard.yaml");
        let text = shelf.workspace.read(&file);
        let text = text.replace("{ status: draft, label: draft }", lifecycle);
        shelf.workspace.write(&file, &text);
    };
    standard("1.0.0", "{ status: deprecated, label: to be replaced, ends: 2026-08-31 }");
    standard("2.0.0", "{ status: active, label: live, effective: 2026-05-01, conformance: 2026-08-01 }");
    shelf.settings(
        "withdrawnTools: [{ version: 0.1.0, reason: it counted wrongly }]\n\
         releases: [{ supplier: Example Ltd, product: Records, version: '10' }]\n",
    );
    shelf.listed(&About { version: "4", ..About::default() }, "2026-02-01");
    shelf.listed(&About { version: "9", standard: "other", ..About::default() }, "2026-02-02");
    let on = |day: &str| {
        let (code, found) = shelf.check(day, &["--profiles", "more"]);
        assert_eq!(code, 0, "what time does is no tampering: {found:#}");
        found["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["what"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join("\n")
    };
    let found = on("2026-04-01");
    for what in [
        "tiny@1.0.0 is deprecated: to be replaced",
        "version 0.1.0 of the tool, which was withdrawn: it counted wrongly",
        "version 10 has no listing for tiny as server; the newest that has one is 4",
        "version 10 has no listing for other as server; the newest that has one is 9",
    ] {
        assert!(found.contains(what), "{what}\n{found}");
    }
    assert!(!found.contains("in force") && !found.contains("expired"), "{found}");
    assert!(on("2026-05-01").contains("it is listed by tiny@1.0.0, and 2.0.0 is in force since 2026-05-01"));
    let found = on("2026-09-01");
    assert!(found.contains("tiny@1.0.0 was in force until 2026-08-31"), "{found}");
    assert!(found.contains("suppliers have to meet 2.0.0 since 2026-08-01"), "{found}");
    assert!(on("2027-01-01").contains("Records 4 expired: it counted until 2026-12-31"));
    let trust = shelf.workspace.read("reg/trust.yaml");
    let revoked = "signsAs: [supplier]\n    revoked: { on: 2026-07-01, reason: lost }\n";
    shelf.workspace.write("reg/trust.yaml", &trust.replace("signsAs: [supplier]\n", revoked));
    assert!(on("2026-07-02").contains("the key of The supplier was revoked on 2026-07-01: lost"));
}
