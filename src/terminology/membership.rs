//! Three answers, because "cannot be told" is neither yes nor no.

/// Whether a code belongs to a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    /// It does.
    Member,
    /// It does not.
    NotMember,
    /// The content that would tell is not here; the reason in words.
    Unknown(String),
}

impl Membership {
    pub(super) fn of(member: bool) -> Self {
        if member { Self::Member } else { Self::NotMember }
    }

    /// The answer, where there is one.
    pub(crate) fn decided(self) -> Option<bool> {
        match self {
            Self::Member => Some(true),
            Self::NotMember => Some(false),
            Self::Unknown(_) => None,
        }
    }

    pub(super) fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown(reason.into())
    }

    /// Both must hold: a no decides.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::NotMember, _) | (_, Self::NotMember) => Self::NotMember,
            (Self::Unknown(reason), _) | (_, Self::Unknown(reason)) => Self::Unknown(reason),
            (Self::Member, Self::Member) => Self::Member,
        }
    }

    /// One is enough: a yes decides.
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Member, _) | (_, Self::Member) => Self::Member,
            (Self::Unknown(reason), _) | (_, Self::Unknown(reason)) => Self::Unknown(reason),
            (Self::NotMember, Self::NotMember) => Self::NotMember,
        }
    }

    pub(super) fn negate(self) -> Self {
        match self {
            Self::Member => Self::NotMember,
            Self::NotMember => Self::Member,
            unknown @ Self::Unknown(_) => unknown,
        }
    }
}
