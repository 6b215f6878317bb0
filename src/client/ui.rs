//! The parts every page is made of. They know no recipient, store, router state or session: plain words and callbacks in, events out.
//!
//! How to build a page:
//! ```text
//! <Page title="今日">                      a bar, a scrolling body, an optional foot (fixed under the body)
//!     <Banner tone=Tone::Soon …/>          one line that matters, over everything
//!     <CellGroup title="今天要去">          a sheet of rows
//!         <Cell label="李伟" note="…" href=…/>
//!     </CellGroup>
//! </Page>
//! <SplitView show=… list=… detail=…/>      list and detail: one at a time on a phone, side by side from 1024 px
//! ```
//! Callbacks are `Callback<(T,)>`: a closure of one argument goes in as it is, and is called with `.run((value,))`.
//! The look is in `style/components/<part>.css`, its values in `style/tokens.css`.

mod badge;
mod banner;
mod bar_chart;
mod button;
mod cell;
mod choice;
mod date_picker;
mod dialog;
mod empty;
mod field;
mod icon;
mod nav_bar;
mod page;
mod pager;
mod photo_field;
mod picker;
mod problem;
mod progress;
mod qr;
mod reorder;
mod search;
mod select;
mod sheet;
mod signature_pad;
mod split_view;
mod switch;
mod tab_bar;
mod table;
mod tabs;
mod toast;
mod viewfinder;
mod window_list;

pub(crate) use badge::{Badge, Tag, Tone};
pub(crate) use banner::Banner;
pub(crate) use bar_chart::{Bar, BarChart, percent};
pub(crate) use button::{Button, ButtonKind, LinkButton};
pub(crate) use cell::{Cell, CellGroup, Fact};
pub(crate) use choice::{Choice, ChoiceKind, Opt};
pub(crate) use date_picker::DatePicker;
pub(crate) use dialog::{Confirm, Dialog};
pub(crate) use empty::Empty;
pub(crate) use field::{Field, FieldKind, FieldWords, Remark};
pub(crate) use icon::{Icon, IconName};
pub(crate) use nav_bar::NavAct;
pub(crate) use page::{Page, PageBody};
pub(crate) use pager::Pager;
pub(crate) use photo_field::{PhotoField, Shot};
pub(crate) use picker::Picker;
pub(crate) use problem::{Problem, ProblemView};
pub(crate) use progress::{Loading, Progress};
pub(crate) use qr::Qr;
pub(crate) use reorder::{Reorder, Spot};
pub(crate) use search::Search;
pub(crate) use select::Select;
pub(crate) use sheet::Sheet;
pub(crate) use signature_pad::{Ink, SignaturePad};
pub(crate) use split_view::{Pane, SplitView, use_wide};
pub(crate) use switch::Switch;
pub(crate) use tab_bar::{Tab, TabBar};
pub(crate) use table::{Column, Sorting, Table};
pub(crate) use tabs::{TabPanel, Tabs};
pub(crate) use toast::{Notices, Toasts, provide_notices, use_notices};
pub(crate) use window_list::WindowList;

/// Moves the focus to the element with this id, if it is there.
pub(crate) fn focus_id(id: &str) {
    use wasm_bindgen::JsCast;
    let found = leptos::prelude::document().get_element_by_id(id);
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // An element in the document takes the focus or ignores it.
        let _ = element.focus();
    }
}
