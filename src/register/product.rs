//! Products: what the entries are of, and the page that each has.

use std::collections::BTreeMap;

use super::event::digest;
use super::{Entry, Product, Register};

/// How much of the names a page's file shows, in characters.
const MAX_SLUG: usize = 48;
/// How much of the digest of the names it carries: enough that nobody finds two products of one page.
const DIGEST_LENGTH: usize = 32;

/// A product with its entries, in the order in which they were listed.
#[derive(Debug, Clone)]
pub struct Listed<'r> {
    /// The product.
    pub product: &'r Product,
    /// Its entries.
    pub entries: Vec<&'r Entry>,
}

/// The products of a register, by product and supplier.
#[must_use]
pub fn products(register: &Register) -> Vec<Listed<'_>> {
    let mut products: BTreeMap<(&str, &str), Listed<'_>> = BTreeMap::new();
    for entry in register.entries.values() {
        products
            .entry((&entry.product.name, &entry.product.supplier))
            .or_insert_with(|| Listed { product: &entry.product, entries: Vec::new() })
            .entries
            .push(entry);
    }
    products.into_values().collect()
}

/// The page of a product: its names as far as they are letters and digits, and a digest that tells it from all others.
#[must_use]
pub fn page_of(product: &Product) -> String {
    let mut slug = String::new();
    for character in format!("{} {}", product.name, product.supplier).chars() {
        if slug.len() >= MAX_SLUG {
            break;
        }
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    // The lengths keep the names apart: what one ends with is never what the other begins with.
    let named = format!("{}:{}{}", product.supplier.len(), product.supplier, product.name);
    let mut sha256 = digest(named.as_bytes());
    sha256.truncate(DIGEST_LENGTH);
    let dash = if slug.is_empty() { "" } else { "-" };
    format!("products/{slug}{dash}{sha256}.html")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(supplier: &str, name: &str) -> String {
        page_of(&Product { supplier: supplier.to_owned(), name: name.to_owned() })
    }

    #[test]
    fn a_page_has_a_safe_name_of_its_own() {
        assert!(page("Example Ltd", "Records & More").starts_with("products/records-more-example-ltd-"));
        let names = [
            page("../../etc", "passwd"),
            page("a", "../index"),
            page("", "患者"),
            page("x", &"y".repeat(10_000)),
            page("con", "aux\0"),
        ];
        for name in &names {
            let file = name.strip_prefix("products/").unwrap().strip_suffix(".html").unwrap();
            assert!(
                file.chars().all(|it| it.is_ascii_alphanumeric() || it == '-') && file.len() < 100,
                "{name}"
            );
        }
        assert_ne!(page("ab", "c"), page("a", "bc"));
        assert_ne!(page("A-b", "c"), page("A b", "c"));
    }
}
