//! A real browser, driven by its own protocol over two pipes, so that no port is opened: what it shows, takes from the
//! keyboard and prints.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine as _;
use serde_json::{Value, json};

use crate::workspace::skipped;

/// Chromium without a window, and one page in it. It ends when this is dropped.
pub(crate) struct Browser {
    process: Child,
    commands: ChildStdin,
    messages: BufReader<ChildStdout>,
    session: Option<String>,
    number: u64,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// A browser that is kept off the network, or nothing where none is installed.
    pub(crate) fn start() -> Option<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        if !std::env::split_paths(&path).any(|folder| folder.join("chromium").is_file()) {
            skipped("chromium is not installed");
            return None;
        }
        let profile = tempfile::tempdir().unwrap();
        // The protocol is spoken over the descriptors 3 and 4, which the shell makes of the pipes that we have.
        let mut process = Command::new("sh")
            .args(["-c", "exec chromium \"$@\" 3<&0 4>&1 >/dev/null 2>&1", "sh", "--remote-debugging-pipe"])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (commands, messages) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let messages = BufReader::new(messages);
        let mut browser = Self { process, commands, messages, session: None, number: 0, _profile: profile };
        let target = browser.tell("Target.createTarget", &json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.tell("Target.attachToTarget", &attach);
        browser.session = Some(session["sessionId"].as_str().unwrap().to_owned());
        browser.tell("Page.enable", &json!({}));
        Some(browser)
    }

    /// Sends a command and gives its result.
    fn tell(&mut self, method: &str, params: &Value) -> Value {
        self.number += 1;
        let mut command = json!({ "id": self.number, "method": method, "params": params });
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        self.commands.write_all(format!("{command}\0").as_bytes()).unwrap();
        let number = self.number;
        let answer = self.message(|message| message["id"] == number);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Waits for a message that fits, and passes over the others.
    fn message(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut message = Vec::new();
            self.messages.read_until(0, &mut message).unwrap();
            assert_eq!(message.pop(), Some(0), "the browser ended");
            let message: Value = serde_json::from_slice(&message).unwrap();
            if fits(&message) {
                return message;
            }
        }
    }

    /// Opens a file, or a part of it (`#…`), in a window of some width.
    pub(crate) fn open(&mut self, file: &Path, part: &str, width: u32) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.tell("Emulation.setDeviceMetricsOverride", &size);
        // Another page between, so that a part of the same file is loaded anew.
        for url in ["about:blank".to_owned(), format!("file://{}{part}", file.display())] {
            self.tell("Page.navigate", &json!({ "url": url }));
            self.message(|message| message["method"] == "Page.loadEventFired");
        }
    }

    /// What a script gives, waited for. Scripts of ours run whatever the page allows to its own.
    pub(crate) fn ask(&mut self, script: &str) -> Value {
        let said = self.tell(
            "Runtime.evaluate",
            &json!({ "expression": script, "awaitPromise": true, "returnByValue": true }),
        );
        assert!(said.get("exceptionDetails").is_none(), "{said}");
        said["result"]["value"].clone()
    }

    /// Presses and releases a key; those that write something say what.
    pub(crate) fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Space" => (32, " "),
            "ArrowRight" => (39, ""),
            "ArrowDown" => (40, ""),
            letter => (letter.to_uppercase().bytes().next().map_or(0, u32::from), letter),
        };
        let key = if key == "Space" { " " } else { key };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = json!(text);
            }
            self.tell("Input.dispatchKeyEvent", &event);
        }
    }

    /// Lays pages out for a medium (`screen`, `print`), for somebody who has set what a media feature asks about.
    pub(crate) fn medium(&mut self, medium: &str, features: &[(&str, &str)]) {
        let features: Vec<Value> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.tell("Emulation.setEmulatedMedia", &json!({ "media": medium, "features": features }));
    }

    /// The page on paper, as PDF.
    pub(crate) fn printed(&mut self) -> Vec<u8> {
        let printed = self.tell("Page.printToPDF", &json!({ "preferCSSPageSize": true }));
        base64::engine::general_purpose::STANDARD.decode(printed["data"].as_str().unwrap()).unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
