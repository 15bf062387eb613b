"""What pages share: pickers, forms, tables, charts."""
