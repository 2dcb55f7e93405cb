//! What a fault or a denial turns into.

use crate::cause::{DenialCause, FaultCause};

/// What a call without an answer turns into.
#[derive(Clone, PartialEq, Debug)]
pub enum Disposition {
    /// The result that the hook point declares as its default, as if nothing were attached.
    Default,
    /// Nothing: as if this attachment were not in the chain. The next attachment decides.
    Skip,
    /// The result that the hook point declares for when protection is missing; the default where it declares none.
    Closed,
    /// The attachment counts as having answered this: results by name, in the order of the file. What is not named
    /// is unchanged, as in a script's answer.
    Result(Vec<(String, ResultValue)>),
}

/// A value of a result, as TOML has it. It knows no types: the host checks it against the hook point's schema.
#[derive(Clone, PartialEq, Debug)]
pub enum ResultValue {
    /// `true` or `false`
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a point, or `inf` or `nan`.
    Float(f64),
    /// A text.
    String(String),
    /// Values in order.
    List(Vec<ResultValue>),
    /// Values by name, in the order of the file.
    Record(Vec<(String, ResultValue)>),
}

/// One [`Disposition`] for each cause of a fault and each cause of a denial.
#[derive(Clone, PartialEq, Debug)]
pub struct Dispositions {
    faults: [Disposition; FaultCause::ALL.len()],
    denials: [Disposition; DenialCause::ALL.len()],
}

impl Default for Dispositions {
    /// Everything becomes the hook point's declared default.
    fn default() -> Self {
        Self {
            faults: [const { Disposition::Default }; FaultCause::ALL.len()],
            denials: [const { Disposition::Default }; DenialCause::ALL.len()],
        }
    }
}

// An array with one element per cause, indexed by the cause's number, is never indexed out of bounds: these enums
// have no discriminants but 0, 1, 2, …
impl Dispositions {
    /// What a fault with this cause turns into.
    pub fn for_fault(&self, cause: FaultCause) -> &Disposition {
        &self.faults[cause as usize]
    }

    /// What a denial with this cause turns into.
    pub fn for_denial(&self, cause: DenialCause) -> &Disposition {
        &self.denials[cause as usize]
    }

    /// Says what a fault with this cause turns into.
    pub fn set_fault(&mut self, cause: FaultCause, disposition: Disposition) {
        self.faults[cause as usize] = disposition;
    }

    /// Says what a denial with this cause turns into.
    pub fn set_denial(&mut self, cause: DenialCause, disposition: Disposition) {
        self.denials[cause as usize] = disposition;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_has_its_own() {
        for cause in FaultCause::ALL {
            let mut dispositions = Dispositions::default();
            dispositions.set_fault(cause, Disposition::Skip);
            for other in FaultCause::ALL {
                let expected = if other == cause { Disposition::Skip } else { Disposition::Default };
                assert_eq!(dispositions.for_fault(other), &expected);
            }
            assert!(DenialCause::ALL.iter().all(|c| dispositions.for_denial(*c) == &Disposition::Default));
        }
        for cause in DenialCause::ALL {
            let mut dispositions = Dispositions::default();
            dispositions.set_denial(cause, Disposition::Skip);
            for other in DenialCause::ALL {
                let expected = if other == cause { Disposition::Skip } else { Disposition::Default };
                assert_eq!(dispositions.for_denial(other), &expected);
            }
            assert!(FaultCause::ALL.iter().all(|c| dispositions.for_fault(*c) == &Disposition::Default));
        }
    }
}
