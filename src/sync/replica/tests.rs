mod found;
mod line;
mod opening;
mod phone;
mod photos;
mod pulling;
mod pushing;
mod saving;
