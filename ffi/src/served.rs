//! The control plane of a host, in a library that was built with one (feature `control`) and in one that was not.

pub(crate) use plane::{Served, serve};

#[cfg(feature = "control")]
mod plane {
    use tenterhook::Host;
    pub(crate) use tenterhook_control::ControlHandle as Served;
    use tenterhook_control::{Control, ControlOptions};

    /// Serves operators on that socket.
    pub(crate) fn serve(host: &Host, socket: &str, attachments: Option<&str>) -> Result<Served, String> {
        let mut options = ControlOptions::new(socket);
        if let Some(folder) = attachments {
            options = options.attachments(folder);
        }
        Control::serve(host, options).map_err(|error| error.to_string())
    }
}

#[cfg(not(feature = "control"))]
mod plane {
    use tenterhook::Host;

    /// No control plane.
    pub(crate) enum Served {}

    impl Served {
        pub fn broken(&self) -> usize {
            match *self {}
        }
    }

    /// Reports that there is no control plane.
    pub(crate) fn serve(_host: &Host, socket: &str, _attachments: Option<&str>) -> Result<Served, String> {
        Err(format!("{socket}: this library was built without the control plane (feature `control`)"))
    }
}
