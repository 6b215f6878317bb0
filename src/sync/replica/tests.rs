mod found;
mod line;
mod opening;
mod phone;
mod pulling;
mod pushing;
mod saving;
