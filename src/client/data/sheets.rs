//! Photos of printed sheets that were signed by hand: each goes to the visit that its code names.

use super::{
    Data, OfficeError, OfficeRequest, SaveError,
    blobs::{SHEET, Taken},
};
use crate::platform::barcode;
use serde_json::Value;
use uuid::Uuid;

/// Where the pages begin of which sheets are printed.
const PAGES: [&str; 3] = ["/visits/", "/recipients/", "/needs/"];

impl Data {
    /// The page that the code of a photographed sheet names: by this browser where it can, else by the office.
    pub(crate) async fn sheet_page(self, photo: &[u8]) -> Result<String, OfficeError> {
        let code = barcode::read(photo).await.unwrap_or_default();
        let path = path_of(&code);
        if PAGES.iter().any(|page| path.starts_with(page)) {
            return Ok(path.to_owned());
        }
        let bytes = photo.to_vec();
        let answer = self.office(OfficeRequest::file("sheets", "application/octet-stream", bytes)).await?;
        let said: Value = serde_json::from_slice(&answer.bytes).map_err(|_| OfficeError::Shape)?;
        Ok(said["path"].as_str().unwrap_or_default().to_owned())
    }

    /// Files the photo of a signed sheet with its visit.
    pub(crate) async fn file_sheet(self, visit: Uuid, bytes: &[u8]) -> Result<(), SaveError> {
        self.keep_aside(visit, SHEET, &Taken::new("paper", bytes)).await
    }
}

/// The path of an address, whatever host it was printed at.
fn path_of(code: &str) -> &str {
    let rest = code.split_once("://").map_or("", |(_, rest)| rest);
    rest.find('/').map_or("", |at| &rest[at..])
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn a_code_leads_to_a_page_of_whatever_host_printed_it() {
        assert_eq!(path_of("https://a.test:8080/visits/1"), "/visits/1");
        assert_eq!(path_of("https://a.test"), "");
        assert_eq!(path_of("weixin"), "");
    }
}
