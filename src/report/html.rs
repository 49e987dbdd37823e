//! The report as one page that needs nothing from elsewhere: no script, no font, no image.

mod exchange;
mod link;
mod must_support;
mod page;
mod requirement;
mod scenario;

use minijinja::Value;

use super::case::Index;
use super::format::Evidence;
use super::standing::Standing;
use super::template;
use crate::run::RunRecord;

const TEMPLATE: &str = include_str!("html/report.html");

/// The report as a page. `evidence` finds the evidence files; what it does not find is linked and not shown.
pub fn render(record: &RunRecord, evidence: &Evidence<'_>) -> Result<String, minijinja::Error> {
    let page = page::view(&Index::new(record), evidence, template::style());
    template::render("report.html", TEMPLATE, page)
}

/// How something stands, for the template: words, sign and the class of its colour.
fn standing(standing: Standing) -> Value {
    minijinja::context! { words => standing.words(), symbol => standing.symbol(), tone => standing.tone() }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use roxmltree::{Document, Node, ParsingOptions};

    use super::render;
    use crate::report::tests::{evidence, record};

    fn page() -> String {
        render(&record(), &evidence).unwrap()
    }

    fn parse(page: &str) -> Document<'_> {
        let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
        Document::parse_with_options(page, options).unwrap()
    }

    fn text(node: Node<'_, '_>) -> String {
        node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
    }

    fn elements<'d>(document: &'d Document<'_>, name: &'static str) -> Vec<Node<'d, 'd>> {
        document.descendants().filter(|node| node.has_tag_name(name)).collect()
    }

    #[test]
    fn the_answer_comes_first() {
        let page = page();
        let document = parse(&page);
        let body = text(elements(&document, "main")[0]);
        let sentence = body.find("Record Server 4.2 is not conformant").unwrap();
        assert!(sentence < body.find("What decides it").unwrap());
        assert!(sentence < body.find("EX-READ-002").unwrap());
        assert!(body[..sentence].contains("Not conformant"), "{}", &body[..sentence]);
    }

    #[test]
    fn every_requirement_is_there_with_its_verdict_in_words() {
        let page = page();
        let document = parse(&page);
        let articles = elements(&document, "article");
        for requirement in record().requirements {
            let article = articles.iter().find(|node| node.attribute("id") == Some(&requirement.id)).unwrap();
            let words = super::Standing::of(&requirement).words();
            assert!(text(*article).to_lowercase().contains(words), "{} {words}", requirement.id);
            assert!(text(*article).contains(&requirement.text));
        }
        assert!(page.contains("How do you keep an audit trail of access?"));
        assert!(page.contains("line 12:8"));
    }

    #[test]
    fn must_support_is_listed_by_profile_and_element() {
        let page = page();
        let document = parse(&page);
        let section = |node: &Node<'_, '_>| node.attribute("aria-labelledby") == Some("must-support");
        let section = document.descendants().find(section).unwrap();
        let rows: Vec<String> = section
            .descendants()
            .filter(|node| node.has_tag_name("tr"))
            .map(|row| text(row).split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(rows, ["ElementIn this run", "Patient.telecom○ Not shown", "Patient.name✓ Shown"]);
        let said = text(section).split_whitespace().collect::<Vec<_>>().join(" ");
        for words in
            ["Example-Patient", "1 of 2 elements are shown, by 3 resources", "EX-PAT-001, EX-PAT-002"]
        {
            assert!(said.contains(words), "{words} in {said}");
        }
        assert!(page.contains("href=\"#must-support\""));
    }

    #[test]
    fn what_an_endpoint_sends_is_never_markup_nor_a_command() {
        let page = page();
        assert!(!page.contains("<script"));
        assert!(page.contains("&lt;script&gt;alert(3)"));
        assert!(page.contains("‹U+001B›") && page.contains("‹U+202E›") && page.contains("‹U+0000›"));
        assert!(!page.contains(['\u{1b}', '\u{202e}', '\0']));
        let document = parse(&page);
        for node in document.descendants().filter(Node::is_element) {
            for attribute in node.attributes() {
                assert!(!attribute.name().starts_with("on"), "{attribute:?}");
            }
        }
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        let page = page();
        let document = parse(&page);
        assert!(page.contains("default-src 'none'"));
        assert!(!page.contains("@import") && !page.contains("url("));
        assert!(elements(&document, "link").iter().all(|link| link.attribute("href") == Some("data:,")));
        assert!(document.descendants().all(|node| node.attribute("src").is_none()));
        for link in elements(&document, "a") {
            let href = link.attribute("href").unwrap();
            if href.starts_with("http") {
                assert_eq!(link.attribute("rel"), Some("noopener noreferrer"));
            } else {
                assert!(href.starts_with('#') || href.starts_with("evidence/"), "{href}");
            }
        }
    }

    #[test]
    fn links_lead_somewhere_and_ids_are_unique() {
        let page = page();
        let document = parse(&page);
        let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
        let unique: HashSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len());
        for link in elements(&document, "a") {
            if let Some(target) = link.attribute("href").unwrap().strip_prefix('#') {
                assert!(unique.contains(target), "{target}");
            }
        }
    }

    #[test]
    fn headings_go_down_one_level_at_a_time_under_one_first() {
        let page = page();
        let document = parse(&page);
        let levels: Vec<u32> = document
            .descendants()
            .filter_map(|node| node.tag_name().name().strip_prefix('h')?.parse().ok())
            .collect();
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    }

    #[test]
    fn evidence_that_was_changed_is_said_to_be() {
        let changed = |file: &str| evidence(file).map(|text| text.replace("text/html", "text/xml"));
        assert!(!page().contains("differs from the one recorded"));
        assert!(render(&record(), &changed).unwrap().contains("differs from the one recorded"));
        assert!(render(&record(), &|_| None).unwrap().contains("x2.json"));
    }
}
