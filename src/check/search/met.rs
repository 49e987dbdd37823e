//! Three answers, because a parameter that cannot be evaluated is neither met nor not met.

use std::borrow::Cow;

/// Whether something meets a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Met {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It cannot be told, and why.
    Unknown(Cow<'static, str>),
}

impl Met {
    pub(super) fn unknown(why: impl Into<Cow<'static, str>>) -> Self {
        Self::Unknown(why.into())
    }

    /// Whether any of these does: a yes decides.
    pub(super) fn any(all: impl IntoIterator<Item = Self>) -> Self {
        let mut met = Self::No;
        for one in all {
            match one {
                Self::Yes => return Self::Yes,
                Self::Unknown(_) => met = one,
                Self::No => {}
            }
        }
        met
    }

    /// Whether all of these do: a no decides.
    pub(super) fn all(all: impl IntoIterator<Item = Self>) -> Self {
        Self::any(all.into_iter().map(Self::opposite)).opposite()
    }

    /// Yes for no, and no for yes.
    pub(super) fn opposite(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown(why) => Self::Unknown(why),
        }
    }
}

impl From<bool> for Met {
    fn from(met: bool) -> Self {
        if met { Self::Yes } else { Self::No }
    }
}
