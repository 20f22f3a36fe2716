from flask.ext.wtf import Form  #> from flask_wtf import FlaskForm as Form
from wtforms import TextField, SubmitField, ValidationError, validators  #> from wtforms import StringField as TextField, SubmitField, ValidationError, validators
from wtforms.fields.html5 import DateField  #> from wtforms import DateField
from wtforms.validators import Length, Required  #> from wtforms.validators import Length, DataRequired as Required


class BookForm(Form):
    title = TextField('Title', validators=[Required(), Length(1, 64)])
    series = TextField('Series', validators=[validators.optional()])
    read_on = DateField('Read on', validators=[validators.Optional()])
    submit = SubmitField('Save')

    def validate_title(self, field):
        if 'diary' in field.data:
            raise ValidationError('diaries stay at home')
