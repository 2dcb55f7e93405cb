//! What a fault or a denial becomes.

use crate::cause::{DenialCause, FaultCause};

/// What a call without an answer becomes.
#[derive(Clone, PartialEq, Debug)]
pub enum Disposition {
    /// The result that the hook point declares as its default, as if nothing were attached.
    Default,
    /// No answer: the next attachment decides, as if this one were not in the chain.
    Skip,
    /// The closed result that the hook point declares, or its default if it declares none.
    Closed,
    /// This answer, as if the attachment had returned it: results by name, in the order of the file. Results that are
    /// not named keep their defaults, as in a script's answer.
    Result(Vec<(String, ResultValue)>),
}

/// A value of a result as TOML represents it. It carries no type: the host checks it against the hook point's schema.
#[derive(Clone, PartialEq, Debug)]
pub enum ResultValue {
    /// `true` or `false`
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a decimal point, or `inf` or `nan`.
    Float(f64),
    /// A string.
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
    /// Every failure becomes the declared default of the hook point.
    fn default() -> Self {
        Self {
            faults: [const { Disposition::Default }; FaultCause::ALL.len()],
            denials: [const { Disposition::Default }; DenialCause::ALL.len()],
        }
    }
}

// Indexing an array with one element per cause by the cause's number cannot go out of bounds: the discriminants of
// these enums are 0, 1, 2, …
impl Dispositions {
    /// What a fault with this cause becomes.
    pub fn for_fault(&self, cause: FaultCause) -> &Disposition {
        &self.faults[cause as usize]
    }

    /// What a denial with this cause becomes.
    pub fn for_denial(&self, cause: DenialCause) -> &Disposition {
        &self.denials[cause as usize]
    }

    /// Sets what a fault with this cause becomes.
    pub fn set_fault(&mut self, cause: FaultCause, disposition: Disposition) {
        self.faults[cause as usize] = disposition;
    }

    /// Sets what a denial with this cause becomes.
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
