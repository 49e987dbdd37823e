//! The printer: the one place that writes to stdout and stderr and knows of terminals and colour.

use std::io::{IsTerminal as _, Write as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::app::{ColorChoice, OutputOptions};
use super::error::{Error, Result};
use crate::config;
use crate::report::Style;

/// Writes data to stdout; progress, hints and errors to stderr.
#[derive(Debug)]
pub(super) struct Printer {
    stdout: std::io::Stdout,
    stderr: std::io::Stderr,
    style: Style,
    error_color: bool,
    quiet: bool,
    progress: bool,
}

impl Printer {
    pub(super) fn new(options: &OutputOptions) -> Self {
        let no_color = std::env::var_os(config::NO_COLOR).is_some_and(|value| !value.is_empty());
        let color = |is_terminal: bool| match options.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && !no_color,
        };
        let (stdout, stderr) = (std::io::stdout(), std::io::stderr());
        Self {
            quiet: options.quiet,
            progress: !options.quiet && !options.no_progress && stderr.is_terminal(),
            style: Style { color: color(stdout.is_terminal()) },
            error_color: color(stderr.is_terminal()),
            stdout,
            stderr,
        }
    }

    /// One that says nothing of progress, and no notes: for what goes on beside other work.
    pub(super) fn silent() -> Self {
        Self::new(&OutputOptions { color: ColorChoice::Never, quiet: true, no_progress: true })
    }

    /// How text for stdout is styled.
    pub(super) fn style(&self) -> Style {
        self.style
    }

    /// Data, to stdout. A reader that went away ends the command.
    pub(super) fn data(&mut self, text: &str) -> Result<()> {
        let mut stdout = self.stdout.lock();
        stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush())
            .map_err(|source| Error::io("standard output", source))
    }

    /// A note for the person at the terminal, to stderr; not with `--quiet`.
    pub(super) fn note(&mut self, text: &str) {
        if !self.quiet {
            self.write_error(&format!("{text}\n"));
        }
    }

    /// Progress, over the last progress; only on a terminal.
    pub(super) fn progress(&mut self, text: &str) {
        if self.progress {
            self.write_error(&format!("\r\u{1b}[K{text}"));
        }
    }

    /// A bar that shows how much of something is there; only on a terminal.
    pub(super) fn bar(&self) -> ProgressBar {
        let target = if self.progress { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        match ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes}") {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }

    /// A bar that counts resources; only on a terminal. Where it is not known how many there are, it only turns.
    pub(super) fn counter(&self, length: Option<u64>) -> ProgressBar {
        let target = if self.progress { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(length, target);
        let template =
            if length.is_some() { "{pos} of {len} files {wide_bar}" } else { "{spinner} {pos} resources" };
        match ProgressStyle::with_template(template) {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }

    /// Takes the progress away.
    pub(super) fn end_progress(&mut self) {
        if self.progress {
            self.write_error("\r\u{1b}[K");
        }
    }

    /// An error, to stderr.
    pub(super) fn error(&mut self, error: &Error) {
        if error.is_broken_pipe() {
            return;
        }
        let label = if self.error_color { "\u{1b}[1;31merror\u{1b}[0m" } else { "error" };
        self.write_error(&format!("{label}: {error}\n"));
    }

    fn write_error(&mut self, text: &str) {
        // Where stderr is closed there is nobody to tell.
        let _ = self.stderr.lock().write_all(text.as_bytes());
    }
}
