"""Parts shared by pages: pickers, forms, tables, charts."""
