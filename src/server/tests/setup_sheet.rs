//! The sheet of a new office: its townships and villages out of a workbook, through the process that reads workbooks.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

#[path = "support/program.rs"]
mod program;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use program::Place;
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use serde_json::{Value, json};

/// A server on an empty folder, with the code that it printed.
struct Empty {
    child: Child,
    address: String,
    code: String,
    _place: Place,
}

impl Empty {
    fn start() -> Empty {
        let place = Place::new();
        let mut command = place.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let link = lines.take(50).find(|line| line.contains("/setup#")).unwrap();
        let (origin, code) = link.trim().split_once("/setup#").unwrap();
        let address = origin.trim_start_matches("http://").to_owned();
        Empty { child, address, code: code.to_owned(), _place: place }
    }

    /// Status and body of a request with a set-up code.
    fn post(&self, path: &str, code: &str, kind: &str, body: &[u8]) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!(
            "POST /api/v1/{path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: {kind}\r\nsetup-code: {code}\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let status = String::from_utf8_lossy(&answer[9..12]).parse().unwrap();
        (status, serde_json::from_slice(&answer[end + 4..]).unwrap())
    }

    fn read(&self, sheet: &[u8]) -> (u16, Value) {
        self.post("setup/sheet", &self.code, "application/octet-stream", sheet)
    }

    /// What the office says of a sheet that could be read: how many it takes, and row and reason of the others.
    fn judged(&self, sheet: &[u8]) -> (u64, u64, Vec<(u64, String)>) {
        let (status, read) = self.read(sheet);
        assert_eq!(status, 200, "{read}");
        let (status, said) = self.set_up(&read["text"], true);
        assert_eq!(status, 200, "{said}");
        let refused = said["refused"].as_array().unwrap().iter();
        let whys = refused.map(|one| (one["row"].as_u64().unwrap(), one["why"].as_str().unwrap().to_owned()));
        (said["townships"].as_u64().unwrap(), said["villages"].as_u64().unwrap(), whys.collect())
    }

    fn set_up(&self, text: &Value, check: bool) -> (u16, Value) {
        let body = json!({
            "county_code": "339999", "county_name": "示范县", "text": text, "user": "admin1",
            "password": "quiet-mill-harbour-12", "check": check,
        });
        self.post("setup", &self.code, "application/json", body.to_string().as_bytes())
    }
}

impl Drop for Empty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

fn rows(all: &[[&str; 2]]) -> Vec<u8> {
    book(|sheet| {
        for (at, row) in (0..).zip(all) {
            sheet.write_row(at, 0, *row).unwrap();
        }
    })
}

const GOOD: [[&str; 2]; 4] = [
    ["区划代码", "名称"],
    ["339999100000", "双桥镇"],
    ["339999100201", "红旗村"],
    ["339999100202", "石桥村"],
];

fn whys(of: &[(u64, &str)]) -> Vec<(u64, String)> {
    of.iter().map(|(row, why)| (*row, (*why).to_owned())).collect()
}

#[test]
fn a_sheet_is_taken_however_its_columns_stand() {
    let office = Empty::start();
    assert_eq!(office.judged(&rows(&GOOD)), (1, 2, vec![]));
    // A title over the whole width, codes as numbers, a running number, an empty row, a name spread to the cell's width.
    let handmade = book(|sheet| {
        sheet.merge_range(0, 0, 0, 2, "示范县行政区划表", &Format::new()).unwrap();
        sheet.write_row(1, 0, ["序号", "名称", "代码"]).unwrap();
        for (at, (name, code)) in (2..).zip([("双桥镇", 339_999_100_000.0), ("红 旗 村", 339_999_100_201.0)])
        {
            sheet.write(at, 0, at - 1).unwrap().write(at, 1, name).unwrap().write(at, 2, code).unwrap();
        }
        sheet.write(5, 1, "石桥村").unwrap().write(5, 2, "339999100202").unwrap();
    });
    assert_eq!(office.judged(&handmade), (1, 2, vec![]));
    let (_, read) = office.read(&handmade);
    assert!(read["text"].as_str().unwrap().contains("红旗村"), "{read}");
    let (status, done) = office.set_up(&read["text"], false);
    assert_eq!((status, &done["user"]), (200, &json!("admin1")));
    assert_eq!(office.read(&rows(&GOOD)).1["err"], "setup_closed");
}

#[test]
fn each_row_that_cannot_be_taken_is_named_as_the_sheet_counts_it() {
    let office = Empty::start();
    let refused = |more: &[[&str; 2]]| office.judged(&rows(&[&GOOD[..], more].concat())).2;
    assert_eq!(refused(&[["339999100201", "又一个"]]), whys(&[(5, "twice")]));
    assert_eq!(refused(&[["", ""], ["330106001000", "别县镇"]]), whys(&[(6, "outside_county")]));
    assert_eq!(refused(&[["33999910020", "短了"]]), whys(&[(5, "bad_code")]));
    assert_eq!(refused(&[["339999200201", "无镇村"]]), whys(&[(5, "no_township")]));
    let names = rows(&[["村名", "负责人"], ["红旗村", "王芳"], ["石桥村", "李强"]]);
    assert_eq!(office.judged(&names), (0, 0, whys(&[(1, "no_code"), (2, "no_code"), (3, "no_code")])));
    let codes = rows(&[["区划代码", ""], ["339999100000", ""]]);
    assert_eq!(office.judged(&codes), (0, 0, whys(&[(2, "no_name")])));
    let (status, said) = office.set_up(&json!("339999100201 红旗村"), false);
    assert_eq!((status, &said["err"]), (422, &json!("areas_bad")), "nothing was written before");
}

#[test]
fn a_file_that_gives_no_rows_is_refused_with_its_reason() {
    let office = Empty::start();
    let refused = |bytes: &[u8]| {
        let (status, said) = office.read(bytes);
        assert!(said["request"].is_string(), "{said}");
        (status, said["err"].as_str().unwrap().to_owned())
    };
    let is = |err: &str| (422, err.to_owned());
    let good = rows(&GOOD);
    assert_eq!(refused(&good[..good.len() / 2]), is("damaged"));
    assert_eq!(refused(b"<html><table></table></html>"), is("not_xlsx"));
    assert_eq!(refused(b""), is("empty"));
    assert_eq!(refused(&book(|_| {})), is("empty"));
    let mut locked = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refused(&locked), is("encrypted"));
    let long = |count: u32| {
        book(|sheet| {
            sheet.write_row(0, 0, ["339999100000", "双桥镇"]).unwrap();
            for at in 1..count {
                sheet.write(at, 0, "339999100201").unwrap().write(at, 1, "红旗村").unwrap();
            }
        })
    };
    assert_eq!(refused(&long(20_001)), is("too_many_rows"));
    assert_eq!(refused(&long(30_000)), is("too_many_rows"));
    let (status, said) = office.post("setup/sheet", "AAAA-BBBB-CCCC", "application/octet-stream", &good);
    assert_eq!((status, &said["err"]), (422, &json!("setup_code_wrong")));
    assert_eq!(office.judged(&good), (1, 2, vec![]), "the office can still be set up");
}
