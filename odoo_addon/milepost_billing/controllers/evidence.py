import tempfile

from odoo import http
from odoo.http import content_disposition, request
from werkzeug.wsgi import wrap_file

from ..models.milepost_evidence import SOURCES

# What is larger waits on the disk until it is sent.
IN_MEMORY = 8 << 20


class Evidence(http.Controller):
    """The download of evidence packs; who may have one is decided in the model."""

    @http.route(
        "/milepost/evidence/<any(invoice, shipment, carrier_invoice):source>/<int:record_id>",
        type="http", auth="user", methods=["GET"], readonly=True,
    )  # fmt: skip
    def download(self, source, record_id):
        file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 the response closes it
        try:
            name, size = request.env["milepost.evidence"]._write(SOURCES[source], record_id, file)
        except Exception:
            file.close()
            raise
        file.seek(0)
        return http.Response(
            wrap_file(request.httprequest.environ, file),
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Length", str(size)),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
            direct_passthrough=True,
        )
