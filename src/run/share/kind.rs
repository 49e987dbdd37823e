//! Kinds of what identifies a person.

/// What an identifier is; its token begins with the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// An NHS number.
    NhsNumber,
    /// Another identifier of a person: a hospital number, a passport.
    Identifier,
    /// A family or given name, or a name in full.
    Name,
    /// A date of birth.
    BirthDate,
    /// A telephone number or an e-mail address.
    Contact,
    /// A line of an address, or a postcode.
    Address,
    /// The content of a document or a picture.
    Data,
}

impl Kind {
    /// The word that a token begins with.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::NhsNumber => "nhs-number",
            Self::Identifier => "identifier",
            Self::Name => "name",
            Self::BirthDate => "birth-date",
            Self::Contact => "contact",
            Self::Address => "address",
            Self::Data => "data",
        }
    }
}
