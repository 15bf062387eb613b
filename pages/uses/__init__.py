"""The parts of the Uses page: anomalies and features."""
